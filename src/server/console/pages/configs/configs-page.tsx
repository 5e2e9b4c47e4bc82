import type { Hono } from 'hono';
import type { Gateway } from '../../../gateway.ts';
import type { ConsoleContext, ConsoleEnv, ConsolePage } from '../../console-env.ts';
import { formOf } from '../../form.ts';
import { answerFragment } from '../../view/fragment.ts';
import { answerPage } from '../../view/render.tsx';
import { addChanges } from './change-routes.tsx';
import { ConfigDetail, LiveTreeView } from './config-detail.tsx';
import { ConfigList } from './config-list.tsx';
import { DiffPage } from './diff-page.tsx';
import { fromVersion, readDraft } from './draft.ts';
import { Check } from './editor.tsx';
import { frame, versionsOr404 } from './known-config.tsx';
import { liveTree } from './live-tree.ts';
import { textOf } from './text-of.ts';

/** Configs by ID: how they route now, and everything that changes them. */
export const configsPage: ConsolePage = {
  path: '/configs',
  title: 'Configs',
  icon: [
    'M3 4.500a1.500 1.500 0 1 0 0-.01M13 4.500a1.500 1.500 0 1 0 0-.01M13 12.500a1.500 1.500 0 1 0 0-.01',
    'M4.500 4.500h7M8 4.500v6.500a1.500 1.500 0 0 0 1.500 1.500h2',
  ],
  routes(app, gateway) {
    const open = () => gateway.callers.own.admin.configs();
    app.get('/configs', async (c) => {
      const deleted = c.req.query('deleted');
      const notice = deleted === undefined ? undefined : `Config ${deleted} is deleted.`;
      return answerPage(c, frame, <ConfigList configs={await (await open()).list()} notice={notice} />);
    });
    app.post('/configs/check', async (c) => {
      const form = await formOf(c);
      const admin = await open();
      const slug = form.text('of');
      const known = slug === '' ? [] : await admin.versions(slug).catch(() => []);
      const versions = fromVersion(known, Number(form.text('base')));
      return c.html(String(<Check draft={await readDraft(form.text('text'), { admin, slug, versions })} />));
    });
    addChanges(app, gateway);
    addViews(app, gateway);
  },
};

function addViews(app: Hono<ConsoleEnv>, gateway: Gateway): void {
  app.get('/configs/:slug', (c) =>
    versionsOr404(c, gateway, async (versions) => {
      const [latest] = versions;
      const live = await liveTree(gateway, latest);
      const shown = { versions, live, text: textOf(latest.content), origin: originOf(c), notice: noticeOf(c) };
      return answerPage(c, { ...frame, title: latest.name }, <ConfigDetail {...shown} />);
    }),
  );
  app.get('/configs/:slug/live', (c) =>
    versionsOr404(c, gateway, async ([latest]) => {
      return answerFragment(c, <LiveTreeView live={await liveTree(gateway, latest)} />);
    }),
  );
  app.get('/configs/:slug/diff', (c) =>
    versionsOr404(c, gateway, async (versions) => {
      const [latest] = versions;
      const at = (name: string) => versions.find(({ number }) => String(number) === c.req.query(name));
      const to = at('to') ?? latest;
      const from = at('from') ?? versions[1] ?? latest;
      return answerPage(
        c,
        { ...frame, title: `Changes of ${latest.name}` },
        <DiffPage from={from} to={to} all={versions} />,
      );
    }),
  );
}

const notices: Readonly<Record<string, string>> = {
  created: 'The config is there. Calls that name it are routed by it.',
  saved: 'Saved. Calls from now on are routed by this version; those under way end as they began.',
  weights: 'The shares are changed. Calls from now on go by them; those under way end as they began.',
  restored: 'The older version is in use again, as a new one.',
};

function noticeOf(c: ConsoleContext): string | undefined {
  const done = c.req.query('done') ?? '';
  return Object.hasOwn(notices, done) ? notices[done] : undefined;
}

/** The address under which the visitor reaches the server. */
function originOf(c: ConsoleContext): string {
  const { protocol, host } = new URL(c.req.url);
  return `${protocol}//${c.req.header('host') ?? host}`;
}
