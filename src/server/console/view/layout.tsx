import type { Child } from 'hono/jsx';
import { assetUrl } from '../assets/assets.ts';
import { type ConsolePage, consolePath } from '../console-env.ts';
import { Icon, icons } from './icon.tsx';

/** What the frame of a page needs to know. */
export interface Frame {
  /** In the browser's tab, before the product's name. */
  readonly title: string;
  /** The page of the navigation that is shown. */
  readonly current: string | undefined;
  readonly pages: readonly Pick<ConsolePage, 'path' | 'title' | 'icon'>[];
  readonly theme: 'light' | 'dark' | undefined;
  /** The visitor may sign out. */
  readonly hasSession: boolean;
  /** Draws charts. */
  readonly hasCharts?: boolean;
}

/** The document around everything. */
export function Document({
  title,
  theme,
  hasCharts = false,
  children,
}: Pick<Frame, 'title' | 'theme' | 'hasCharts'> & { readonly children?: Child }) {
  return (
    <html lang="en" {...(theme === undefined ? {} : { 'data-theme': theme })}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{`${title} · modelmux`}</title>
        <link rel="icon" href={favicon} />
        {hasCharts ? <link rel="stylesheet" href={assetUrl('uplot.css')} /> : ''}
        <link rel="stylesheet" href={assetUrl('console.css')} />
        {hasCharts ? <script src={assetUrl('uplot.js')} defer></script> : ''}
        <script src={assetUrl('console.js')} defer></script>
      </head>
      <body>{children}</body>
    </html>
  );
}

/** The document with navigation around a page. */
export function Layout({ children, ...frame }: Frame & { readonly children?: Child }) {
  return (
    <Document title={frame.title} theme={frame.theme} hasCharts={frame.hasCharts ?? false}>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <div class="shell">
        <header class="side">
          <Brand />
          <Navigation {...frame} />
          <div class="tools">
            <button type="button" class="button quiet" data-theme-toggle aria-label="Change colours">
              <Icon lines={icons.sun} />
            </button>
            {frame.hasSession ? <SignOut /> : ''}
          </div>
        </header>
        <main class="main" id="main" tabindex={-1}>
          {children}
        </main>
      </div>
    </Document>
  );
}

/** Name and mark. */
export function Brand() {
  return (
    <a class="brand" href={consolePath}>
      <svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="var(--accent)" stroke-width="2">
        <path d="M3 12h5c4 0 4-7 8-7h5M8 12h13M8 12c4 0 4 7 8 7h5" stroke-linecap="round" />
      </svg>
      modelmux
    </a>
  );
}

const favicon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#5363e6" stroke-width="2.4" stroke-linecap="round"><path d="M3 12h5c4 0 4-7 8-7h5M8 12h13M8 12c4 0 4 7 8 7h5"/></svg>',
)}`;

function Navigation({ pages, current }: Pick<Frame, 'pages' | 'current'>) {
  return (
    <nav aria-label="Console">
      <ul class="nav">
        {pages.map(({ path, title, icon }) => (
          <li>
            <a href={`${consolePath}${path}`} {...(path === current ? { 'aria-current': 'page' } : {})}>
              <Icon lines={icon} />
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function SignOut() {
  return (
    <form method="post" action={`${consolePath}/sign-out`}>
      <button type="submit" class="button quiet">
        <Icon lines={icons.leave} />
        Sign out
      </button>
    </form>
  );
}
