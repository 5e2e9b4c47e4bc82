/** Charts, and what the library that draws them leaves to us. */
export const chartsStyle = `
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 20px; }
.chart { min-height: 226px; padding: 12px 12px 4px; overflow: hidden; }
.tone-good { color: var(--good); } .tone-bad { color: var(--bad); } .tone-warn { color: var(--warn); }
.tone-info { color: var(--info); } .tone-violet { color: var(--violet); } .tone-accent { color: var(--accent); }
.tone-muted { color: var(--muted); } .tone-line { color: var(--line); }
.uplot, .uplot * { font-family: var(--sans); }
.u-legend { font-size: 12px; color: var(--muted); text-align: left; padding-left: 8px; margin: 0; }
.u-legend th, .u-legend td { padding: 2px 4px; border: 0; font-size: 12px; display: inline-block; }
.u-legend th { font-weight: 400; }
.u-legend .u-series:first-child { display: none; }
.u-legend .u-marker { border-radius: 3px; }
.u-legend .u-value { color: var(--text); font-variant-numeric: tabular-nums; }
.toolbar { display: flex; flex-wrap: wrap; gap: 10px 12px; align-items: end; }
.toolbar .field { min-width: 150px; }
@media (max-width: 640px) { .toolbar .field { flex: 1 1 40%; min-width: 0; } }
.as-table summary { padding: 10px 16px; font-size: 13px; color: var(--muted); cursor: pointer; border-top: 1px solid var(--line); }
`;
