/** The playground: a form, the tree beside it, the conversation below. */
export const playgroundStyle = `
.playground { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 20px; align-items: start; }
.playground > :last-child { grid-column: 1 / -1; }
.ask { display: flex; flex-direction: column; gap: 12px; }
.ask .toolbar .field { flex: 1 1 120px; min-width: 0; }
.ask .buttons { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
.check { display: inline-flex; align-items: center; gap: 6px; min-height: 32px; font-size: 13px; }
.talk { display: flex; flex-direction: column; gap: 16px; }
.said strong { font-size: 12px; color: var(--muted); font-weight: 600; }
.said .words { white-space: pre-wrap; overflow-wrap: anywhere; }
.said.user .words { width: fit-content; max-width: 100%; padding: 6px 12px; border-radius: var(--radius); background: var(--accent-soft); margin-top: 2px; }
.said .notes { font-size: 12px; margin-top: 4px; }
.playground .not-tried { display: none; }
.node.trying { border-color: var(--accent); background: var(--accent-soft); color: var(--text); border-style: solid; }
@media (prefers-reduced-motion: no-preference) {
  .node.trying { animation: trying 1s ease-in-out infinite alternate; }
  @keyframes trying { to { border-color: var(--line); } }
}
@media (max-width: 1000px) { .playground { grid-template-columns: minmax(0, 1fr); } }
`;
