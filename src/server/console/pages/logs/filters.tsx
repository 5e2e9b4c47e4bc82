import { Field, Select } from '../../view/parts.tsx';
import { type LogSearch, type SearchName, searchUrl } from './search.ts';

const rangeOptions = [
  ['', 'All time'],
  ['15m', 'Last 15 minutes'],
  ['1h', 'Last hour'],
  ['24h', 'Last 24 hours'],
  ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'],
] as const;
const outcomeOptions = [
  ['', 'Any'],
  ['success', 'Success'],
  ['failure', 'Failure'],
  ['aborted', 'Caller left'],
] as const;
const markOptions = [
  ['', 'Anything'],
  ['cache', 'Cache hit'],
  ['retry', 'Retry'],
  ['fallback', 'Fallback'],
  ['loadbalance', 'Load balance'],
  ['conditional', 'Condition'],
] as const;

const cacheOptions = [
  ['', 'Anything'],
  ['HIT', 'Hit'],
  ['SEMANTIC HIT', 'Semantic hit'],
  ['MISS', 'Miss'],
  ['SEMANTIC MISS', 'Semantic miss'],
  ['REFRESH', 'Refresh'],
  ['DISABLED', 'Not asked'],
] as const;

/** A search, and the list it is for: `/logs`. */
interface Searching {
  readonly search: LogSearch;
  readonly list: string;
}

/** What the list may be searched for, as a form that works by itself. */
export function Filters({ search, list }: Searching) {
  const rest = ['status', 'cache', 'config', 'virtual_key', 'metadata', 'from', 'to'] as const;
  const isOpen = rest.some((name) => search[name] !== undefined);
  return (
    <form class="filters" method="get" action={searchUrl({}, list)} aria-label="Requests to show">
      <div class="row">
        <Field label="Time">
          <Select name="range" value={search.range} options={rangeOptions} submits />
        </Field>
        <Field label="Outcome">
          <Select name="outcome" value={search.outcome} options={outcomeOptions} submits />
        </Field>
        <Field label="What happened">
          <Select name="mark" value={search.mark} options={markOptions} submits />
        </Field>
        <Text name="provider" label="Provider" search={search} placeholder="openai" />
        <Text name="model" label="Model" search={search} placeholder="gpt-4o" />
        <Text name="trace_id" label="Trace ID" search={search} isMono />
      </div>
      <details {...(isOpen ? { open: true } : {})}>
        <summary>More filters</summary>
        <div class="row">
          <Text name="status" label="Status" search={search} placeholder="429, 500" />
          <Field label="Cache">
            <Select name="cache" value={search.cache} options={cacheOptions} submits />
          </Field>
          <Text name="config" label="Config" search={search} placeholder="pc-main" />
          <Text name="virtual_key" label="Virtual key" search={search} />
          <Text name="metadata" label="Metadata" search={search} placeholder="customer=Zoe" />
          <Field label="From" class="twice">
            <input name="from" value={search.from ?? ''} data-iso={search.from ?? ''} placeholder="2026-01-31T12:00Z" />
          </Field>
          <Field label="To" class="twice">
            <input name="to" value={search.to ?? ''} data-iso={search.to ?? ''} placeholder="2026-01-31T13:00Z" />
          </Field>
          <button type="submit" class="button">
            Search
          </button>
        </div>
      </details>
      <button type="submit" class="visually-hidden" tabindex={-1}>
        Search
      </button>
    </form>
  );
}

function Text(props: { name: SearchName; label: string; search: LogSearch; placeholder?: string; isMono?: boolean }) {
  const { name, label, search, placeholder = '', isMono = false } = props;
  return (
    <Field label={label}>
      <input
        name={name}
        value={search[name] ?? ''}
        placeholder={placeholder}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        data-submit=""
        {...(isMono ? { class: 'mono' } : {})}
      />
    </Field>
  );
}

const labels: Readonly<Partial<Record<SearchName, string>>> = {
  trace_id: 'Trace',
  status: 'Status',
  provider: 'Provider',
  model: 'Model',
  config: 'Config',
  virtual_key: 'Virtual key',
  metadata: 'Metadata',
};

/** What is looked for, each with a way to take it back; nothing where nothing is. */
export function Chips({ search, list }: Searching) {
  const lasting: LogSearch = { ...search, after: '' };
  const given = Object.entries(labels).filter(([name]) => lasting[name as SearchName] !== undefined);
  if (given.length === 0) return null;
  return (
    <div class="chips">
      {given.map(([name, label]) => (
        <span class="chip">
          <span class="clip">
            {label}: {lasting[name as SearchName]}
          </span>
          <a href={searchUrl({ ...lasting, [name]: '' }, list)} aria-label={`Without ${label}`}>
            ×
          </a>
        </span>
      ))}
      <a href={searchUrl({}, list)}>Clear all</a>
    </div>
  );
}
