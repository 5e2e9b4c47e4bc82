import type { Trace, TraceSpan } from '../../../../observe/logs/trace.ts';
import { countText, durationText, moneyText, Time } from '../../view/figures.tsx';
import { modeText } from '../../view/mode-text.ts';
import { Card, PageHead, Pill, Tile } from '../../view/parts.tsx';
import { Table } from '../../view/table.tsx';
import { StatusPill, WayPills } from '../logs/log-pills.tsx';
import { logUrl } from '../logs/log-table.tsx';
import { searchUrl } from '../logs/search.ts';
import { AttemptPill } from '../logs/tree.tsx';
import { OutcomePill } from './trace-table.tsx';

/** One trace: its totals, and its requests with all they went through, as a tree over its time. */
export function TraceDetail({ trace }: { trace: Trace }) {
  const { traceId, startedAt, durationMs, spans } = trace;
  const wholeMs = Math.max(durationMs, 0.001);
  return (
    <>
      <PageHead
        title={<span class="mono id-title">{traceId}</span>}
        crumbs={<a href={searchUrl({}, '/traces')}>Traces</a>}
      >
        <OutcomePill failures={trace.totals.failures} requests={trace.totals.requests} />
        <a class="button small" href={searchUrl({ trace_id: traceId })}>
          As a list
        </a>
      </PageHead>
      <div class="stack">
        <Totals trace={trace} />
        <Card title="Timeline" isFlush>
          <Table
            class="waterfall cards spans"
            columns={[
              'Span',
              'Ended',
              ['Tokens', 'number'],
              ['Cost', 'number'],
              ['Time taken', 'number'],
              `Of ${durationText(wholeMs)}`,
            ]}
          >
            {spans.map((span) => (
              <Span span={span} depth={0} whole={{ startedAt, wholeMs }} />
            ))}
          </Table>
        </Card>
        <Judgements trace={trace} />
      </div>
    </>
  );
}

function Totals({ trace: { startedAt, durationMs, totals } }: { trace: Trace }) {
  const { requests, attempts, promptTokens, completionTokens, costMicroUsd } = totals;
  return (
    <dl class="tiles">
      <Tile label="Time taken" note={<Time at={startedAt} />}>
        {durationText(durationMs)}
      </Tile>
      <Tile label="Requests">{countText(requests)}</Tile>
      <Tile label="Attempts">{countText(attempts)}</Tile>
      <Tile label="Tokens in">{countText(promptTokens)}</Tile>
      <Tile label="Tokens out">{countText(completionTokens)}</Tile>
      <Tile label="Cost" note={costMicroUsd === undefined ? 'no price is known' : undefined}>
        {costMicroUsd === undefined ? '–' : moneyText(costMicroUsd)}
      </Tile>
    </dl>
  );
}

interface Whole {
  readonly startedAt: number;
  readonly wholeMs: number;
}

/** A span and all below it, each a row. */
function Span({ span, depth, whole }: { span: TraceSpan; depth: number; whole: Whole }) {
  const below = span.kind === 'attempt' ? [] : span.children;
  return (
    <>
      <tr class={`span-${span.kind}`}>
        <td class={`full depth-${Math.min(depth, 8)}`}>
          <Name span={span} />
        </td>
        <Figures span={span} />
        <td class="number">{durationText(span.durationMs)}</td>
        <td class="bar">
          <Bar span={span} whole={whole} />
        </td>
      </tr>
      {below.map((child) => (
        <Span span={child} depth={depth + 1} whole={whole} />
      ))}
    </>
  );
}

function Name({ span }: { span: TraceSpan }) {
  if (span.kind === 'node')
    return (
      <>
        {modeText(span.mode)} <code class="muted">{span.path}</code>
      </>
    );
  if (span.kind === 'attempt') {
    const { name, provider, model } = span.attempt;
    return (
      <>
        {name ?? provider}{' '}
        <span class="muted">{[name === undefined ? undefined : provider, model].filter(Boolean).join(' · ')}</span>
      </>
    );
  }
  const { id, spanName, endpoint, model, requestedModel } = span.record;
  return (
    <>
      <a href={logUrl(id)}>{spanName ?? model ?? requestedModel ?? endpoint}</a> <WayPills record={span.record} />
    </>
  );
}

function Figures({ span }: { span: TraceSpan }) {
  if (span.kind === 'node')
    return (
      <>
        <td class="wide-only"></td>
        <td class="wide-only"></td>
        <td class="wide-only"></td>
      </>
    );
  const { usage, cost } = span.kind === 'request' ? span.record : span.attempt;
  return (
    <>
      <td>{span.kind === 'request' ? <StatusPill record={span.record} /> : <AttemptPill attempt={span.attempt} />}</td>
      <td class="number" data-label="Tokens">
        {usage === undefined ? '–' : `${countText(usage.promptTokens)} → ${countText(usage.completionTokens)}`}
      </td>
      <td class="number" data-label="Cost">
        {cost === undefined ? '–' : moneyText(cost.microUsd)}
      </td>
    </>
  );
}

function Bar({ span, whole: { startedAt, wholeMs } }: { span: TraceSpan; whole: Whole }) {
  const at = (ms: number) => Math.round((ms / wholeMs) * 10_000) / 10;
  const start = span.startedAt - startedAt;
  const label = `starts after ${durationText(Math.max(0, start))}, takes ${durationText(span.durationMs)}`;
  return (
    <svg class="bars" viewBox="0 0 1000 18" preserveAspectRatio="none" role="img" aria-label={label}>
      <rect class="bar-track" y="8" width="1000" height="2" />
      <rect
        class={toneOf(span)}
        x={String(Math.min(997, at(start)))}
        y="4"
        width={String(Math.max(3, at(span.durationMs)))}
        height="10"
      />
    </svg>
  );
}

function toneOf(span: TraceSpan): string {
  if (span.kind === 'node') return 'bar-queued';
  const { outcome } = span.kind === 'request' ? span.record : span.attempt;
  if (outcome === 'failure') return 'bar-failed';
  return span.kind === 'request' ? 'bar-rest' : 'bar-headers';
}

function Judgements({ trace: { feedback } }: { trace: Trace }) {
  if (feedback.length === 0) return null;
  return (
    <Card title="Feedback">
      <dl class="facts">
        {feedback.map(({ value, weight, createdAt, metadata }) => (
          <>
            <dt>
              <Time at={createdAt} />
            </dt>
            <dd>
              <Pill tone={value > 0 ? 'good' : value < 0 ? 'bad' : 'plain'}>{value > 0 ? `+${value}` : value}</Pill>
              {weight === 1 ? '' : <span class="muted"> weight {weight}</span>}
              {Object.entries(metadata).map(([key, text]) => (
                <span class="muted"> {`${key}=${text}`}</span>
              ))}
            </dd>
          </>
        ))}
      </dl>
    </Card>
  );
}
