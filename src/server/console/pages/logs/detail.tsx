import type { Child } from 'hono/jsx';
import type { LogBody, LogRecord } from '../../../../core/log-record.ts';
import type { LogEntry } from '../../../../resources/log-page.ts';
import { consolePath } from '../../console-env.ts';
import { countText, durationText, moneyText, sourceText, Time } from '../../view/figures.tsx';
import { Card, Empty, PageHead, Tile } from '../../view/parts.tsx';
import { traceUrl } from '../traces/trace-table.tsx';
import type { TreeNode } from './attempts-tree.ts';
import { StatusPill, WayPills } from './log-pills.tsx';
import type { Replay } from './replay.ts';
import { searchUrl } from './search.ts';
import { Tree } from './tree.tsx';
import { Waterfall } from './waterfall.tsx';

/** One request: what was asked of whom, when, and what came of it. */
export function LogDetail({ entry, tree, replay }: { entry: LogEntry; tree: TreeNode | undefined; replay: Replay }) {
  return (
    <>
      <PageHead
        title={entry.model ?? entry.requestedModel ?? entry.endpoint}
        crumbs={<a href={`${consolePath}/logs`}>Logs</a>}
      >
        <WayPills record={entry} />
        <StatusPill record={entry} />
      </PageHead>
      <div class="stack">
        {entry.error === undefined ? '' : <Problem error={entry.error} />}
        <Figures record={entry} />
        {tree === undefined ? (
          ''
        ) : (
          <Card title="Way through the config">
            <Tree root={tree} />
          </Card>
        )}
        {entry.attempts.length === 0 ? (
          ''
        ) : (
          <Card title="Attempts" isFlush>
            <Waterfall record={entry} />
          </Card>
        )}
        <div class="columns">
          <Card title="Request">
            <Facts record={entry} />
          </Card>
          <Metadata entry={entry} />
        </div>
        <Bodies entry={entry} />
        <ReplayCard replay={replay} />
      </div>
    </>
  );
}

function Problem({ error: { kind, message, type, code } }: { error: NonNullable<LogRecord['error']> }) {
  const names = [kind, type, code].filter((name) => name !== undefined);
  return (
    <p class="notice bad">
      <strong>{[...new Set(names)].join(' · ')}</strong>
      <br />
      {message}
    </p>
  );
}

function Figures({ record }: { record: LogRecord }) {
  const { durationMs, firstTokenMs, usage, cost, tokensPerSecond, attempts } = record;
  return (
    <dl class="tiles">
      <Tile
        label="Time taken"
        note={firstTokenMs === undefined ? undefined : `first token after ${durationText(firstTokenMs)}`}
      >
        {durationText(durationMs)}
      </Tile>
      <Tile label="Attempts">{attempts.length}</Tile>
      <Tile label="Tokens in" note={cachedText(usage)}>
        {usage === undefined ? '–' : countText(usage.promptTokens)}
      </Tile>
      <Tile
        label="Tokens out"
        note={tokensPerSecond === undefined ? undefined : `${countText(tokensPerSecond)} a second`}
      >
        {usage === undefined ? '–' : countText(usage.completionTokens)}
      </Tile>
      <Tile label="Cost" note={cost === undefined ? 'no price is known' : sourceText(cost.source)}>
        {cost === undefined ? '–' : moneyText(cost.microUsd)}
      </Tile>
    </dl>
  );
}

function cachedText(usage: LogRecord['usage']): string | undefined {
  const cached = usage?.cachedTokens ?? 0;
  return cached === 0 ? undefined : `${countText(cached)} from the provider’s cache`;
}

function Facts({ record }: { record: LogRecord }) {
  const { id, traceId, spanId, parentSpanId, configId, configVersion, virtualKey } = record;
  const facts: readonly (readonly [string, Child | undefined])[] = [
    ['Started', <Time at={record.startedAt} form="full" />],
    ['Endpoint', record.endpoint],
    ['Asked for', record.requestedModel],
    ['Answered by', [record.provider, record.model].filter(Boolean).join(' · ') || undefined],
    ['Virtual key', virtualKey],
    ['Config', configId === undefined ? undefined : <a href={searchUrl({ config: configId })}>{configId}</a>],
    ['Version', configVersion],
    [
      'Stream',
      record.stream ? `yes${record.chunks === undefined ? '' : `, ${countText(record.chunks)} chunks`}` : 'no',
    ],
    ['Request ID', <code>{id}</code>],
    [
      'Trace ID',
      <a class="mono" href={traceUrl(traceId)}>
        {traceId}
      </a>,
    ],
    ['Span', <code>{record.spanName === undefined ? spanId : `${record.spanName} (${spanId})`}</code>],
    ['Parent span', parentSpanId === undefined ? undefined : <code>{parentSpanId}</code>],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) =>
        value === undefined ? (
          ''
        ) : (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ),
      )}
    </dl>
  );
}

function Metadata({ entry: { metadata, feedback } }: { entry: LogEntry }) {
  const pairs = Object.entries(metadata);
  return (
    <div class="stack">
      <Card title="Metadata">
        {pairs.length === 0 ? (
          <p class="muted">The call brought none.</p>
        ) : (
          <dl class="facts">
            {pairs.map(([key, value]) => (
              <>
                <dt>{key}</dt>
                <dd>
                  <a href={searchUrl({ metadata: `${key}=${value}` })}>{value}</a>
                </dd>
              </>
            ))}
          </dl>
        )}
      </Card>
      {feedback.length === 0 ? (
        ''
      ) : (
        <Card title="Feedback on the trace">
          <dl class="facts">
            {feedback.map(({ value, weight, createdAt }) => (
              <>
                <dt>
                  <Time at={createdAt} />
                </dt>
                <dd>
                  {value > 0 ? `+${value}` : value}
                  {weight === 1 ? '' : <span class="muted"> weight {weight}</span>}
                </dd>
              </>
            ))}
          </dl>
        </Card>
      )}
    </div>
  );
}

function Bodies({ entry: { request, response } }: { entry: LogEntry }) {
  if (request === undefined && response === undefined) return null;
  return (
    <div class="columns">
      <Body title="Sent" body={request} id="sent" />
      <Body title="Answered" body={response} id="answered" />
    </div>
  );
}

function Body({ title, body, id }: { title: string; body: LogBody | undefined; id: string }) {
  if (body === undefined) return null;
  return (
    <Card title={title} isFlush actions={<CopyButton from={id} />}>
      {body.isTruncated === true ? <p class="notice warn">It was too long to be kept whole.</p> : ''}
      <pre class="code" id={id} tabindex={0}>
        {pretty(body.text)}
      </pre>
    </Card>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

function ReplayCard({ replay: { text, lacks } }: { replay: Replay }) {
  return (
    <Card title="Send it again" isFlush actions={<CopyButton from="replay" />}>
      <pre class="code" id="replay" tabindex={0}>
        {text}
      </pre>
      {lacks === undefined ? '' : <p class="legend">{lacks}</p>}
    </Card>
  );
}

function CopyButton({ from }: { from: string }) {
  return (
    <button type="button" class="button small" data-copy-from={from}>
      Copy
    </button>
  );
}

/** Said where a request is not (or no longer) kept. */
export function NoSuchLog() {
  return (
    <div class="card">
      <Empty title="This request is not kept">
        It may be too old by now, or never was. Back to the <a href={`${consolePath}/logs`}>logs</a>.
      </Empty>
    </div>
  );
}
