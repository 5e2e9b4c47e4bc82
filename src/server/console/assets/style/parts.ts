/** Cards, tables, pills, buttons, fields, pagers. */
export const partsStyle = `
.card { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); box-shadow: var(--shadow); min-width: 0; }
.card > header { display: flex; align-items: center; gap: 8px; padding: 12px 16px; border-bottom: 1px solid var(--line); }
.card > header .actions { margin-left: auto; display: flex; gap: 8px; }
.card > .body { padding: 16px; }
.button {
  display: inline-flex; align-items: center; justify-content: center; gap: 6px; min-height: 32px; padding: 0 12px;
  border: 1px solid var(--strong-line); border-radius: 6px; background: var(--surface); color: var(--text);
  font: 500 13px/20px var(--sans); cursor: pointer; white-space: nowrap;
}
.button:hover { background: var(--hover); text-decoration: none; }
.button.primary { background: var(--accent-fill); border-color: transparent; color: #fff; }
.button.primary:hover { filter: brightness(1.08); }
.button.danger { color: var(--bad); }
.button.quiet { border-color: transparent; background: none; color: var(--muted); padding: 0 8px; }
.button.quiet:hover { background: var(--hover); color: var(--text); }
.button[disabled], .button[aria-disabled="true"] { opacity: 0.5; cursor: default; pointer-events: none; }
.button.small { min-height: 26px; padding: 0 8px; font-size: 12px; }
.pill {
  display: inline-flex; align-items: center; gap: 4px; padding: 1px 7px; border-radius: 999px;
  background: var(--raised); color: var(--muted); font-size: 12px; line-height: 18px; font-weight: 500; white-space: nowrap;
}
.pill.good { background: var(--good-soft); color: var(--good); }
.pill.bad { background: var(--bad-soft); color: var(--bad); }
.pill.warn { background: var(--warn-soft); color: var(--warn); }
.pill.info { background: var(--info-soft); color: var(--info); }
.pill.violet { background: var(--violet-soft); color: var(--violet); }
.pill.accent { background: var(--accent-soft); color: var(--accent); }
.pills { display: inline-flex; flex-wrap: wrap; gap: 4px; }
.dot { width: 7px; height: 7px; border-radius: 50%; background: currentColor; flex: none; }
.field { display: flex; flex-direction: column; gap: 4px; min-width: 0; }
.field > span, .field > label { font-size: 12px; font-weight: 500; color: var(--muted); }
.field .hint { font-size: 12px; color: var(--muted); }
input:not([type="checkbox"], [type="radio"]), select, textarea {
  width: 100%; min-height: 32px; padding: 5px 10px; border: 1px solid var(--strong-line); border-radius: 6px;
  background: var(--surface); color: var(--text); font: 13px/20px var(--sans);
}
textarea { resize: vertical; }
select { padding-left: 6px; }
input[type="datetime-local"] { height: 32px; }
input.mono, textarea.mono { font-family: var(--mono); font-size: 12.5px; }
input::placeholder, textarea::placeholder { color: var(--muted); opacity: 0.75; }
input:focus-visible, select:focus-visible, textarea:focus-visible { outline: 2px solid var(--accent); outline-offset: -1px; border-radius: 6px; }
input[aria-invalid="true"] { border-color: var(--bad); }
.notice { padding: 10px 12px; border-radius: 6px; background: var(--info-soft); color: var(--info); font-size: 13px; overflow-wrap: anywhere; }
.notice.bad { background: var(--bad-soft); color: var(--bad); }
.notice.warn { background: var(--warn-soft); color: var(--warn); }
.notice.good { background: var(--good-soft); color: var(--good); }
.table-wrap { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 13px; }
th { text-align: left; font-weight: 500; font-size: 12px; color: var(--muted); padding: 8px 12px; white-space: nowrap; border-bottom: 1px solid var(--line); }
td { padding: 9px 12px; border-bottom: 1px solid var(--line); vertical-align: middle; }
tbody tr:last-child td { border-bottom: 0; }
th:first-child, td:first-child { padding-left: 16px; }
th:last-child, td:last-child { padding-right: 16px; }
th.number { text-align: right; }
tr.link { position: relative; }
tr.link:hover td { background: var(--hover); }
tr.link td.key a::after { content: ""; position: absolute; inset: 0; }
tr.link td a:not(.cover), tr.link td button { position: relative; z-index: 1; }
td .sub { display: block; color: var(--muted); font-size: 12px; }
.clip { display: inline-block; max-width: 100%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; vertical-align: bottom; }
.empty { display: flex; flex-direction: column; align-items: center; gap: 6px; padding: 56px 24px; text-align: center; }
.empty svg.icon { width: 28px; height: 28px; color: var(--muted); margin-bottom: 6px; }
.empty p { color: var(--muted); max-width: 46ch; }
.pager { display: flex; align-items: center; justify-content: space-between; gap: 8px; padding: 10px 16px; border-top: 1px solid var(--line); color: var(--muted); font-size: 13px; }
.pager > div { display: flex; gap: 8px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); overflow: hidden; }
.tile { box-shadow: 0 0 0 0.5px var(--line); padding: 12px 16px; min-width: 0; }
.tile dt { font-size: 12px; color: var(--muted); font-weight: 500; }
.tile dd { font-size: 18px; line-height: 26px; font-weight: 600; letter-spacing: -0.01em; overflow-wrap: anywhere; }
.tile dd small { display: block; font-size: 12px; line-height: 18px; font-weight: 400; color: var(--muted); letter-spacing: 0; }
.facts { display: grid; grid-template-columns: minmax(96px, max-content) minmax(0, 1fr); gap: 6px 16px; font-size: 13px; }
.facts dt { color: var(--muted); }
.facts dd { overflow-wrap: anywhere; }
pre.code { padding: 12px 16px; overflow: auto; max-height: 480px; font-size: 12.5px; line-height: 1.55; tab-size: 2; white-space: pre-wrap; overflow-wrap: anywhere; }
.switch { display: inline-flex; border: 1px solid var(--strong-line); border-radius: 6px; overflow: hidden; }
.switch a { padding: 5px 10px; font-size: 13px; line-height: 20px; color: var(--muted); border-left: 1px solid var(--line); }
.switch a:first-child { border-left: 0; }
.switch a:hover { background: var(--hover); text-decoration: none; }
.switch a[aria-current] { background: var(--accent-soft); color: var(--accent); font-weight: 500; }
.switch a:focus-visible { outline-offset: -2px; }
@media (max-width: 640px) {
  table.cards thead { position: absolute; clip-path: inset(50%); height: 1px; width: 1px; overflow: hidden; }
  table.cards, table.cards tbody { display: block; }
  table.cards tr { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 10px; padding: 10px 16px; border-bottom: 1px solid var(--line); }
  table.cards tbody tr:last-child { border-bottom: 0; }
  table.cards td { display: block; padding: 0; border: 0; }
  table.cards td:empty, table.cards td.wide-only { display: none; }
  table.cards td.number { text-align: left; color: var(--muted); }
  table.cards td.full { flex-basis: 100%; }
  table.cards td[data-label]::before { content: attr(data-label) " "; color: var(--muted); font-size: 12px; }
}
`;
