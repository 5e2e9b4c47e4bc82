import type { Hono } from 'hono';
import type { Config } from '../../../../config/config.ts';
import type { LogRecord } from '../../../../core/log-record.ts';
import type { LogListPage } from '../../../../resources/log-page.ts';
import { localLogs } from '../../../../resources/logs.ts';
import type { Gateway } from '../../../gateway.ts';
import type { ConsoleContext, ConsoleEnv, ConsolePage } from '../../console-env.ts';
import { answerFragment } from '../../view/fragment.ts';
import { LiveTools } from '../../view/live-tools.tsx';
import { Empty, PageHead, Pager } from '../../view/parts.tsx';
import { answerPage } from '../../view/render.tsx';
import { attemptsTree } from './attempts-tree.ts';
import { LogDetail, NoSuchLog } from './detail.tsx';
import { Chips, Filters } from './filters.tsx';
import { LogTable } from './log-table.tsx';
import { NoLogs } from './no-logs.tsx';
import { replayOf } from './replay.ts';
import { type LogSearch, readSearch, searchUrl, toListParams } from './search.ts';

/** Requests that were logged: a list that keeps itself up to date, and each of them. */
export const logsPage: ConsolePage = {
  path: '/logs',
  title: 'Logs',
  icon: ['M2.5 4h11M2.5 8h11M2.5 12h7'],
  routes(app, gateway) {
    const logs = localLogs(gateway.logs, gateway.runtime);
    const listed = (search: LogSearch) => logs.list(toListParams(search, gateway.runtime.clock.now()));
    app.get('/logs', async (c) => {
      if (gateway.logs === undefined) return answerPage(c, frame, <NoLogs title="Logs" />);
      const search = searchOf(c);
      return answerPage(c, frame, <List search={search} page={await listed(search)} origin={originOf(c)} />);
    });
    app.get('/logs/live', async (c) => {
      const search = searchOf(c);
      return answerFragment(c, <Rows search={search} page={await listed(search)} origin={originOf(c)} />);
    });
    addDetail(app, gateway);
  },
};

const frame = { title: 'Logs', current: '/logs' };

function addDetail(app: Hono<ConsoleEnv>, gateway: Gateway): void {
  const logs = localLogs(gateway.logs, gateway.runtime);
  app.get('/logs/:id', async (c) => {
    const entry = gateway.logs === undefined ? null : await logs.get(c.req.param('id'));
    if (entry === null) return answerPage(c, { ...frame, title: 'Not kept', status: 404 }, <NoSuchLog />);
    const tree = attemptsTree(entry, await configOf(entry, gateway));
    const replay = replayOf(entry, originOf(c), !gateway.keys.isEmpty);
    return answerPage(c, { ...frame, title: 'Request' }, <LogDetail entry={entry} tree={tree} replay={replay} />);
  });
}

/** The config that a request named, or the server's default one; undefined where it is gone or another by now. */
async function configOf({ configId, configVersion }: LogRecord, { callers }: Gateway): Promise<Config | undefined> {
  try {
    const { compiled } = callers.own.forCall(configId === undefined ? undefined : { config: configId });
    const { config, facts } = await compiled;
    return configVersion === undefined || configVersion === facts.version ? config : undefined;
  } catch {
    return undefined;
  }
}

function searchOf(c: ConsoleContext): LogSearch {
  return readSearch(new URL(c.req.url).searchParams);
}

/** The address under which the visitor reaches the server. */
function originOf(c: ConsoleContext): string {
  const { protocol, host } = new URL(c.req.url);
  return `${protocol}//${c.req.header('host') ?? host}`;
}

interface Listing {
  readonly search: LogSearch;
  readonly page: LogListPage;
  readonly origin: string;
}

function List({ search, page, origin }: Listing) {
  const isLive = search.after === undefined && search.to === undefined;
  return (
    <>
      <PageHead title="Logs">{isLive ? <LiveTools /> : ''}</PageHead>
      <div class="card">
        <Filters search={search} list="/logs" />
        <Chips search={search} list="/logs" />
        <div {...(isLive ? { 'data-live': searchUrl(search, '/logs/live') } : {})}>
          <Rows search={search} page={page} origin={origin} />
        </div>
      </div>
    </>
  );
}

function Rows({ search, page: { data, next }, origin }: Listing) {
  if (data.length === 0) return <NothingFound search={search} origin={origin} />;
  return (
    <>
      <LogTable records={data} />
      {next === null && search.after === undefined ? (
        ''
      ) : (
        <Pager
          first={search.after === undefined ? undefined : searchUrl({ ...search, after: '' })}
          next={next === null ? undefined : searchUrl({ ...search, after: next })}
        />
      )}
    </>
  );
}

function NothingFound({ search, origin }: { search: LogSearch; origin: string }) {
  if (Object.keys(search).length > 0)
    return (
      <Empty title="Nothing found">
        No request matches. <a href={searchUrl({})}>Clear the filters</a>
      </Empty>
    );
  return (
    <Empty title="No requests yet">
      Send one to <code>{`${origin}/v1/chat/completions`}</code>, and it appears here.
    </Empty>
  );
}
