/** How far the spans of a trace stand in, level by level. */
function indents(firstPx: number, stepPx: number): string {
  const levels = Array.from({ length: 8 }, (_, level) => [level + 1, firstPx + level * stepPx]);
  return levels.map(([depth, px]) => `table.spans td.depth-${depth} { padding-left: ${px}px; }`).join('\n');
}

/** Filters, the tree of a config with its attempts, and waterfalls. */
export const logsStyle = `
.filters { padding: 12px 16px; border-bottom: 1px solid var(--line); }
.filters .row { display: grid; grid-template-columns: repeat(auto-fill, minmax(138px, 1fr)); gap: 10px 12px; align-items: end; }
.filters .row > .twice { grid-column: span 2; }
.filters details { margin-top: 10px; }
.filters summary { font-size: 13px; color: var(--muted); cursor: pointer; width: max-content; }
.filters summary:hover { color: var(--text); }
.filters details .row { margin-top: 10px; }
.chips { display: flex; flex-wrap: wrap; align-items: center; gap: 6px; padding: 10px 16px; border-bottom: 1px solid var(--line); font-size: 13px; }
.chip { display: inline-flex; align-items: center; gap: 6px; padding: 2px 4px 2px 10px; border-radius: 999px; background: var(--accent-soft); color: var(--accent); max-width: 100%; }
.chip a { display: inline-grid; place-items: center; width: 20px; height: 20px; border-radius: 50%; font-size: 15px; line-height: 1; }
.chip a:hover { background: var(--surface); text-decoration: none; }
.live { color: var(--muted); font-size: 13px; display: inline-flex; align-items: center; gap: 6px; }
.live .dot { background: var(--muted); }
.live[data-state="on"] .dot { background: var(--good); }
.live[data-state="lost"] .dot { background: var(--bad); }
.tree, .tree ul { display: flex; flex-direction: column; gap: 8px; }
.tree ul { margin: 8px 0 0 9px; padding-left: 18px; border-left: 1px solid var(--strong-line); }
.tree li { position: relative; }
.tree ul > li::before { content: ""; position: absolute; left: -18px; top: 17px; width: 12px; border-top: 1px solid var(--strong-line); }
.node { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 10px; padding: 6px 12px; border: 1px solid var(--line); border-radius: 6px; background: var(--surface); min-height: 34px; font-size: 13px; }
.node .pill { background: var(--surface); }
.node .name { font-weight: 600; font-size: 13px; }
.node.answered, .node.cached { border-color: var(--good); background: var(--good-soft); }
.node.failed { border-color: var(--bad); background: var(--bad-soft); }
.node.untried { border-style: dashed; color: var(--muted); background: none; }
.node .path { margin-left: auto; color: var(--muted); font-size: 12px; overflow-wrap: anywhere; }
.waterfall td { vertical-align: middle; }
.waterfall td.bar { width: 44%; min-width: 180px; }
svg.bars { display: block; width: 100%; height: 18px; overflow: visible; }
svg.bars rect { shape-rendering: crispEdges; }
.bar-queued { fill: var(--strong-line); }
.bar-headers { fill: var(--info); }
.bar-first { fill: var(--violet); }
.bar-rest { fill: var(--accent); }
.bar-failed { fill: var(--bad); }
.bar-warn { fill: var(--warn); }
.bounds { display: flex; flex-direction: column; gap: 6px; min-width: 180px; font-size: 12px; }
.bounds svg { display: block; width: 100%; height: 4px; margin-top: 2px; }
.bar-track { fill: var(--raised); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 14px; padding: 10px 16px; font-size: 12px; color: var(--muted); border-top: 1px solid var(--line); }
.legend span { display: inline-flex; align-items: center; gap: 6px; }
.legend svg { width: 10px; height: 10px; }
${indents(36, 20)}
.spans tr.span-request td { font-weight: 500; }
.spans tr:not(.span-request) td { padding-top: 5px; padding-bottom: 5px; }
.id { max-width: 300px; }
.id-title { font-size: 17px; overflow-wrap: anywhere; }
@media (max-width: 640px) {
  .id { max-width: 100%; }
${indents(10, 10)}
  .spans tr:not(.span-request) td { padding-top: 0; padding-bottom: 0; }

  .filters .row { grid-template-columns: 1fr 1fr; }
  .waterfall td.bar { width: 100%; flex-basis: 100%; }
  .node .path { margin-left: 0; flex-basis: 100%; }
}
`;
