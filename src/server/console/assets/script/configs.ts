/**
 * Editors ask the server what is wrong as one types, and mark the lines; the sliders of one node keep 100 percent together. Without this
 * the forms work as they are.
 */
export const configsScript = `
(function () {
  'use strict';
  var waitMs = 300;

  document.querySelectorAll('[data-editor]').forEach(function (form) {
    var area = form.elements.namedItem('text');
    var gutter = form.querySelector('[data-gutter]');
    var box = form.querySelector('#check');
    var save = form.querySelector('[data-save]');
    var timer = null;
    var asked = 0;

    function wrongLines() {
      return new Set(Array.from(box.querySelectorAll('[data-line]'), function (button) { return Number(button.dataset.line); }));
    }
    function number() {
      var wrong = wrongLines();
      var count = area.value.split('\\n').length;
      gutter.textContent = '';
      for (var line = 1; line <= count; line++) {
        var part = document.createElement('span');
        part.textContent = String(line);
        if (wrong.has(line)) part.className = 'wrong';
        gutter.append(part, '\\n');
      }
      gutter.style.height = area.offsetHeight + 'px';
      gutter.scrollTop = area.scrollTop;
    }
    function judge() {
      var summary = box.querySelector('[data-problems]');
      save.disabled = summary !== null && summary.dataset.problems !== '0';
      number();
    }
    function ask() {
      var turn = ++asked;
      var data = new URLSearchParams(new FormData(form));
      fetch(form.dataset.editor, { method: 'POST', body: data, redirect: 'error' })
        .then(function (response) {
          if (!response.ok) throw new Error(String(response.status));
          return response.text();
        })
        .then(function (html) {
          if (turn !== asked) return;
          box.innerHTML = html;
          judge();
        })
        // What is saved is looked at again by the server.
        .catch(function () { if (turn === asked) save.disabled = false; });
    }
    area.addEventListener('input', function () {
      number();
      clearTimeout(timer);
      timer = setTimeout(ask, waitMs);
    });
    area.addEventListener('scroll', function () { gutter.scrollTop = area.scrollTop; });
    new ResizeObserver(function () { gutter.style.height = area.offsetHeight + 'px'; }).observe(area);
    box.addEventListener('click', function (event) {
      var button = event.target.closest('[data-line]');
      if (!button) return;
      var lines = area.value.split('\\n');
      var line = Number(button.dataset.line);
      var start = lines.slice(0, line - 1).join('\\n').length + (line > 1 ? 1 : 0);
      area.focus();
      area.setSelectionRange(start, start + (lines[line - 1] || '').length);
      area.scrollTop = Math.max(0, (line - 5) * 20);
    });
    judge();
  });

  document.querySelectorAll('[data-shares]').forEach(function (form) {
    var sliders = Array.from(form.querySelectorAll('input[type="range"]'));
    function show() {
      sliders.forEach(function (slider) { slider.nextElementSibling.textContent = slider.value + ' %'; });
    }
    function spread(moved) {
      var others = sliders.filter(function (slider) { return slider !== moved; });
      var left = 100 - Number(moved.value);
      var sum = others.reduce(function (total, slider) { return total + Number(slider.dataset.part); }, 0);
      others.forEach(function (slider, index) {
        var part = sum === 0 ? 1 / others.length : Number(slider.dataset.part) / sum;
        var isLast = index === others.length - 1;
        var value = isLast ? left : Math.round((100 - Number(moved.value)) * part);
        slider.value = String(Math.max(0, Math.min(left, value)));
        left -= Number(slider.value);
      });
      show();
    }
    function keep() { sliders.forEach(function (slider) { slider.dataset.part = slider.value; }); }
    form.addEventListener('input', function (event) { spread(event.target); });
    form.addEventListener('change', keep);
    form.addEventListener('reset', function () { setTimeout(function () { keep(); show(); }); });
    keep();
  });
})();
`;
