import { localLogs } from '../../../../resources/logs.ts';
import type { ConsolePage } from '../../console-env.ts';
import { Empty, PageHead, Pager } from '../../view/parts.tsx';
import { answerPage } from '../../view/render.tsx';
import { Chips, Filters } from '../logs/filters.tsx';
import { NoLogs } from '../logs/no-logs.tsx';
import { type LogSearch, readSearch, searchUrl, toListParams } from '../logs/search.ts';
import { TraceDetail } from './trace-detail.tsx';
import { type TracePage, tracePage } from './trace-page.ts';
import { TraceTable } from './trace-table.tsx';

/** Requests that belong together, by their trace ID: a list, and each as a tree over its time. */
export const tracesPage: ConsolePage = {
  path: '/traces',
  title: 'Traces',
  icon: ['M2.5 3.5h6M5 8h6M7.500 12.5h6'],
  routes(app, gateway) {
    const logs = localLogs(gateway.logs, gateway.runtime);
    app.get('/traces', async (c) => {
      if (gateway.logs === undefined) return answerPage(c, frame, <NoLogs title="Traces" />);
      const search = readSearch(new URL(c.req.url).searchParams);
      const page = await tracePage(logs, toListParams(search, gateway.runtime.clock.now()));
      return answerPage(c, frame, <List search={search} page={page} />);
    });
    app.get('/traces/:id', async (c) => {
      const trace = gateway.logs === undefined ? null : await logs.trace(c.req.param('id'));
      if (trace === null) return answerPage(c, { ...frame, title: 'Not kept', status: 404 }, <NoSuchTrace />);
      return answerPage(c, { ...frame, title: 'Trace' }, <TraceDetail trace={trace} />);
    });
  },
};

const frame = { title: 'Traces', current: '/traces' };

function List({ search, page: { traces, next } }: { search: LogSearch; page: TracePage }) {
  return (
    <>
      <PageHead title="Traces" />
      <div class="card">
        <Filters search={search} list="/traces" />
        <Chips search={search} list="/traces" />
        {traces.length === 0 ? <NothingFound search={search} /> : <TraceTable traces={traces} />}
        {next === null && search.after === undefined ? (
          ''
        ) : (
          <Pager
            first={search.after === undefined ? undefined : searchUrl({ ...search, after: '' }, '/traces')}
            next={next === null ? undefined : searchUrl({ ...search, after: next }, '/traces')}
          />
        )}
      </div>
    </>
  );
}

function NothingFound({ search }: { search: LogSearch }) {
  if (Object.keys(search).length > 0)
    return (
      <Empty title="Nothing found">
        No trace has a request that matches. <a href={searchUrl({}, '/traces')}>Clear the filters</a>
      </Empty>
    );
  return (
    <Empty title="No traces yet">
      Requests with the same <code>x-portkey-trace-id</code> stand together here.
    </Empty>
  );
}

function NoSuchTrace() {
  return (
    <div class="card">
      <Empty title="This trace is not kept">
        Its requests may be too old by now, or never were. Back to the <a href={searchUrl({}, '/traces')}>traces</a>.
      </Empty>
    </div>
  );
}
