/** Draws every element with `data-chart`, its series as JSON, and again when the colours or the width change. */
export const chartsScript = `
(function () {
  'use strict';
  var boxes = document.querySelectorAll('[data-chart]');
  if (!boxes.length || typeof uPlot === 'undefined') return;
  var count = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
  var forms = {
    count: function (value) { return count.format(value); },
    ms: function (value) { return value < 1000 ? Math.round(value) + ' ms' : (value / 1000).toFixed(value < 10000 ? 2 : 1) + ' s'; },
    usd: function (value) { return value === 0 ? '$0' : '$' + (value < 0.01 ? value.toPrecision(2) : value.toFixed(2)); }
  };
  function colour(box, name) {
    var probe = document.createElement('i');
    probe.className = 'tone-' + name;
    box.appendChild(probe);
    var found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  }
  function draw(box) {
    var chart = JSON.parse(box.dataset.chart);
    var form = forms[chart.unit];
    var muted = colour(box, 'muted');
    var line = colour(box, 'line');
    var axis = { stroke: muted, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 }, font: '11px sans-serif' };
    var plot = new uPlot({
      width: box.clientWidth,
      height: 190,
      cursor: { y: false, points: { size: 6 } },
      scales: { y: { range: function (_, least, most) { return [0, Math.max(most, chart.unit === 'count' ? 1 : 1e-9) * 1.08]; } } },
      axes: [
        Object.assign({}, axis, { grid: { show: false } }),
        Object.assign({}, axis, { size: 72, values: function (_, values) { return values.map(form); } })
      ],
      series: [{ value: function (_, value) { return value == null ? '' : new Date(value * 1000).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' }); } }]
        .concat(chart.series.map(function (one) {
          return {
            label: one.label,
            stroke: colour(box, one.tone),
            width: 1.75,
            spanGaps: true,
            points: { show: one.values.filter(function (value) { return value !== null; }).length < 4, size: 6 },
            value: function (_, value) { return value == null ? '–' : form(value); }
          };
        }))
    }, [chart.times].concat(chart.series.map(function (one) { return one.values; })), box);
    return plot;
  }
  boxes.forEach(function (box) {
    var plot = draw(box);
    new ResizeObserver(function () { plot.setSize({ width: box.clientWidth, height: 190 }); }).observe(box);
    document.addEventListener('themechange', function () { plot.destroy(); plot = draw(box); });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', function () { plot.destroy(); plot = draw(box); });
  });
})();
`;
