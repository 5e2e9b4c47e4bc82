/** Colours, type and the bare elements. One palette, written for light and dark at once. */
export const baseStyle = `
:root {
  color-scheme: light dark;
  --page: light-dark(#f7f7f8, #0c0d10);
  --surface: light-dark(#ffffff, #14161a);
  --raised: light-dark(#f4f4f6, #1b1e24);
  --hover: light-dark(#f2f3f6, #1d2027);
  --line: light-dark(#e3e4e9, #272b33);
  --strong-line: light-dark(#c9ccd4, #3b414c);
  --text: light-dark(#17191f, #e8eaef);
  --muted: light-dark(#5a6070, #9aa2b1);
  --accent: light-dark(#3f51d9, #93a0ff);
  --accent-fill: light-dark(#3f51d9, #5363e6);
  --accent-soft: light-dark(#eceefd, #22264a);
  --good: light-dark(#146c3c, #63d297);
  --good-soft: light-dark(#e2f5e9, #12301f);
  --bad: light-dark(#b3261e, #ff8f85);
  --bad-soft: light-dark(#fde9e7, #3b1715);
  --warn: light-dark(#8a5200, #f2b65a);
  --warn-soft: light-dark(#fdf0da, #372709);
  --info: light-dark(#0d6580, #6fcbe8);
  --info-soft: light-dark(#e0f3f9, #0d2d38);
  --violet: light-dark(#6b3fc0, #c0a2ff);
  --violet-soft: light-dark(#f1eafc, #2a1e45);
  --sans: ui-sans-serif, -apple-system, "Segoe UI", Inter, Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "Liberation Mono", monospace;
  --radius: 8px;
  --shadow: 0 1px 2px light-dark(rgb(16 18 27 / 6%), rgb(0 0 0 / 40%));
}
:root[data-theme="light"] { color-scheme: light; }
:root[data-theme="dark"] { color-scheme: dark; }
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 14px/1.5 var(--sans); font-variant-numeric: tabular-nums;
  -webkit-font-smoothing: antialiased;
}
h1, h2, h3, p, ul, ol, dl, dd, pre, figure { margin: 0; }
ul, ol { padding: 0; list-style: none; }
h1 { font-size: 20px; line-height: 28px; font-weight: 650; letter-spacing: -0.01em; }
h2 { font-size: 14px; line-height: 20px; font-weight: 600; }
h3 { font-size: 13px; line-height: 20px; font-weight: 600; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; text-underline-offset: 2px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
code, kbd, samp, pre, .mono { font-family: var(--mono); font-size: 12.5px; }
.muted { color: var(--muted); }
.nowrap { white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.visually-hidden {
  position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; border: 0;
}
[hidden] { display: none !important; }
svg.icon { width: 16px; height: 16px; flex: none; fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
@media (prefers-reduced-motion: no-preference) {
  .fresh { animation: fresh 2s ease-out; }
  @keyframes fresh { from { background: var(--accent-soft); } }
}
`;
