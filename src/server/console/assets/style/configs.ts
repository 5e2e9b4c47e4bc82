/** Trees of configs, the editor, differences between versions, shares. */
export const configsStyle = `
.config-tree .pill.edge { max-width: 100%; overflow: hidden; text-overflow: ellipsis; background: var(--raised); }
.config-tree .pill.edge.accent { background: var(--accent-soft); }
.config-tree .pill.edge.warn { background: var(--warn-soft); }
.calls { margin-left: auto; display: inline-flex; align-items: center; gap: 8px; color: var(--muted); font-size: 12px; white-space: nowrap; }
.calls svg { width: 72px; height: 6px; }
.calls span { min-width: 84px; text-align: right; }
.hint { color: var(--muted); font-size: 12px; }
.tree-note { margin-top: 12px; }
.id-line { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; overflow-wrap: anywhere; }
.form-row { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 240px), 1fr)); gap: 12px; max-width: 820px; }
.form-actions { display: flex; flex-wrap: wrap; gap: 8px; }
.editor-columns { display: grid; grid-template-columns: minmax(0, 1.2fr) minmax(0, 1fr); gap: 20px; align-items: start; }
.editor { display: flex; overflow: hidden; border-radius: 0 0 var(--radius) var(--radius); }
.editor textarea { border: 0; border-radius: 0; padding: 12px; line-height: 20px; min-height: 320px; overflow: auto; white-space: pre; }
.editor textarea:focus-visible { outline-offset: -2px; }
.gutter { flex: none; min-width: 44px; padding: 12px 8px; overflow: hidden; text-align: right; line-height: 20px; color: var(--muted); background: var(--raised); border-right: 1px solid var(--line); user-select: none; }
.gutter:empty { display: none; }
.gutter .wrong { display: inline-block; width: 100%; background: var(--bad-soft); color: var(--bad); border-radius: 3px; font-weight: 600; }
.problems { display: flex; flex-direction: column; gap: 10px; margin-top: 12px; font-size: 13px; }
.problems li { display: flex; gap: 10px; align-items: baseline; }
.problems .button { min-width: 64px; }
.card > .body > pre.code { padding: 12px 0 0; }
.problems li span { overflow-wrap: anywhere; min-width: 0; }
.problems code { color: var(--bad); }
.diff { overflow-x: auto; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); padding: 4px 0; }
.diff-line { display: flex; min-width: max-content; line-height: 20px; }
.diff-line code { white-space: pre; padding-right: 16px; }
.diff-line.added { background: var(--good-soft); }
.diff-line.removed { background: var(--bad-soft); }
.diff-line.added .diff-sign { color: var(--good); }
.diff-line.removed .diff-sign { color: var(--bad); }
.diff-number { width: 48px; padding-right: 10px; text-align: right; color: var(--muted); font: 12.5px/20px var(--mono); user-select: none; flex: none; }
.diff-sign { width: 18px; font: 12.5px/20px var(--mono); user-select: none; flex: none; }
.diff-left { padding: 4px 16px 4px 66px; font-size: 12px; }
.diff-sum { padding: 10px 16px; font-size: 13px; }
.compare { display: flex; flex-wrap: wrap; gap: 12px; align-items: end; }
.compare .field { width: 160px; }
.versions { max-height: 420px; overflow-y: auto; }
.row-actions { text-align: right; white-space: nowrap; }
.row-actions > * + * { margin-left: 6px; }
.row-actions form { display: inline-block; }
.shares fieldset { border: 0; margin: 0; padding: 0; min-width: 0; display: flex; flex-direction: column; gap: 10px; }
.shares legend { padding: 0; margin-bottom: 8px; font-weight: 600; font-size: 13px; }
.share { display: grid; grid-template-columns: minmax(80px, 200px) minmax(0, 420px) 56px; gap: 12px; align-items: center; font-size: 13px; }
.share input[type="range"] { padding: 0; min-height: 24px; border: 0; background: none; accent-color: var(--accent-fill); }
.share output { text-align: right; font-weight: 600; }
details.version { border-bottom: 1px solid var(--line); }
details.version:last-child { border-bottom: 0; }
details.version summary { padding: 10px 16px; cursor: pointer; font-size: 13px; }
details.version summary:hover { background: var(--hover); }
.secret-once { padding: 10px 12px; border: 1px solid var(--strong-line); border-radius: 6px; background: var(--raised); overflow-wrap: anywhere; user-select: all; }
@media (max-width: 960px) { .editor-columns { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 640px) {
  .calls { margin-left: 0; flex-basis: 100%; }
  .calls span { min-width: 0; }
  .share { grid-template-columns: minmax(0, 1fr) 48px; }
  .share .clip { grid-column: 1 / -1; }
  .compare .field { width: auto; flex: 1; }
}
`;
