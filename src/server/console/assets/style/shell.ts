/** The frame of every page: brand, navigation, head of a page; and the page that asks for the key. */
export const shellStyle = `
.skip { position: absolute; left: 8px; top: -48px; background: var(--surface); padding: 8px 12px; border-radius: var(--radius); z-index: 10; }
.skip:focus { top: 8px; }
.shell { min-height: 100vh; display: grid; grid-template-columns: 216px minmax(0, 1fr); }
.side {
  position: sticky; top: 0; height: 100vh; display: flex; flex-direction: column; gap: 20px;
  padding: 16px 12px; border-right: 1px solid var(--line); background: var(--surface);
}
.brand { display: flex; align-items: center; gap: 10px; padding: 4px 8px; color: var(--text); font-weight: 650; letter-spacing: -0.01em; }
.brand:hover { text-decoration: none; }
.brand svg { width: 22px; height: 22px; flex: none; }
.nav { display: flex; flex-direction: column; gap: 2px; }
.nav a { display: flex; align-items: center; gap: 10px; padding: 7px 8px; border-radius: 6px; color: var(--muted); font-weight: 500; }
.nav a:hover { background: var(--hover); color: var(--text); text-decoration: none; }
.nav a[aria-current] { background: var(--accent-soft); color: var(--accent); }
.side .tools { margin-top: auto; display: flex; align-items: center; gap: 4px; padding: 0 4px; }
.main { min-width: 0; padding: 24px 32px 64px; max-width: 1440px; width: 100%; }
.head { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 16px; margin-bottom: 20px; min-height: 34px; }
.head .actions { margin-left: auto; display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
.crumbs { flex-basis: 100%; font-size: 13px; color: var(--muted); }
.stack { display: flex; flex-direction: column; gap: 20px; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 380px), 1fr)); gap: 20px; align-items: start; }
.signin { min-height: 100vh; display: grid; place-items: center; padding: 24px; }
.signin .card { width: min(100%, 380px); }
.signin form { display: flex; flex-direction: column; gap: 16px; }
.signin .brand { padding: 0; margin-bottom: 20px; font-size: 16px; }
@media (max-width: 860px) {
  .shell { display: block; }
  .side { position: static; height: auto; display: grid; grid-template-columns: 1fr auto; gap: 8px; padding: 8px 12px 0; border-right: 0; border-bottom: 1px solid var(--line); }
  .side nav { grid-column: 1 / -1; grid-row: 2; overflow-x: auto; margin: 0 -12px; padding: 0 12px; scrollbar-width: none; }
  .nav { flex-direction: row; gap: 0; }
  .nav a { padding: 8px 10px 10px; border-radius: 0; white-space: nowrap; border-bottom: 2px solid transparent; }
  .nav a[aria-current] { background: none; border-bottom-color: var(--accent); }
  .nav svg { display: none; }
  .side .tools { margin: 0; grid-column: 2; grid-row: 1; }
  .main { padding: 16px 16px 48px; }
}
`;
