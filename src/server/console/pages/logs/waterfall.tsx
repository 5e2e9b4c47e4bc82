import type { LogAttempt, LogRecord } from '../../../../core/log-record.ts';
import { durationText } from '../../view/figures.tsx';
import { Table } from '../../view/table.tsx';
import { AttemptPill } from './tree.tsx';

/** A part of a bar: where it begins and how long it is, in thousandths of the whole. */
interface Part {
  readonly kind: 'queued' | 'headers' | 'first' | 'rest' | 'failed';
  readonly start: number;
  readonly length: number;
}

const meanings = [
  ['queued', 'waiting'],
  ['headers', 'to the headers'],
  ['first', 'to the first token'],
  ['rest', 'to the end'],
  ['failed', 'failed'],
] as const;

/** The tries of a request, one below the other, over its time. */
export function Waterfall({ record }: { record: LogRecord }) {
  const { attempts, startedAt } = record;
  const wholeMs = Math.max(
    record.durationMs,
    ...attempts.map((one) => one.startedAt - startedAt + (one.durationMs ?? 0)),
    0.001,
  );
  return (
    <>
      <Table
        class="waterfall cards"
        columns={['#', 'Target', 'Ended', ['Starts at', 'number'], `Timeline of ${durationText(wholeMs)}`]}
      >
        {attempts.map((attempt, index) => (
          <Row attempt={attempt} number={index + 1} offsetMs={attempt.startedAt - startedAt} wholeMs={wholeMs} />
        ))}
      </Table>
      <p class="legend">
        {meanings.map(([kind, meaning]) => (
          <span>
            <svg viewBox="0 0 10 10" aria-hidden="true">
              <rect width="10" height="10" rx="2" class={`bar-${kind}`} />
            </svg>
            {meaning}
          </span>
        ))}
      </p>
    </>
  );
}

function Row(props: { attempt: LogAttempt; number: number; offsetMs: number; wholeMs: number }) {
  const { attempt, number, offsetMs, wholeMs } = props;
  const { provider, model, reason } = attempt;
  return (
    <tr>
      <td class="muted">{number}</td>
      <td>
        {attempt.name ?? provider}
        <span class="sub">
          {[attempt.name === undefined ? undefined : provider, model, whyText(reason)].filter(Boolean).join(' · ')}
        </span>
      </td>
      <td>
        <AttemptPill attempt={attempt} />
      </td>
      <td class="number" data-label="after">
        {durationText(Math.max(0, offsetMs))}
      </td>
      <td class="bar">
        <svg class="bars" viewBox="0 0 1000 18" preserveAspectRatio="none" role="img" aria-label={partsText(attempt)}>
          <rect class="bar-track" y="8" width="1000" height="2" />
          {partsOf(attempt, offsetMs, wholeMs).map(({ kind, start, length }) => (
            <rect class={`bar-${kind}`} x={String(start)} y="3" width={String(Math.max(3, length))} height="12" />
          ))}
        </svg>
      </td>
    </tr>
  );
}

function whyText(reason: LogAttempt['reason']): string | undefined {
  if (reason === undefined) return undefined;
  return reason.after === undefined ? reason.kind : `${reason.kind} after ${reason.after}`;
}

/** Phases of a try end where the next begins; what it did not come to is missing. */
function partsOf(attempt: LogAttempt, offsetMs: number, wholeMs: number): readonly Part[] {
  const { outcome, headersMs, firstTokenMs, durationMs = firstTokenMs ?? headersMs ?? 0, reason } = attempt;
  const at = (ms: number) => Math.round((ms / wholeMs) * 10_000) / 10;
  const part = (kind: Part['kind'], from: number, to: number): Part => ({
    kind,
    start: at(offsetMs + from),
    length: at(Math.max(0, to - from)),
  });
  const waited = Math.min(reason?.waitedMs ?? 0, Math.max(0, offsetMs));
  const before = waited < 1 ? [] : [part('queued', -waited, 0)];
  if (outcome === 'failure') return [...before, part('failed', 0, durationMs)];
  const headersEnd = headersMs ?? firstTokenMs ?? durationMs;
  const firstEnd = firstTokenMs ?? headersEnd;
  return [
    ...before,
    part('headers', 0, headersEnd),
    ...(firstEnd > headersEnd ? [part('first', headersEnd, firstEnd)] : []),
    ...(durationMs > firstEnd ? [part('rest', firstEnd, durationMs)] : []),
  ];
}

function partsText({ headersMs, firstTokenMs, durationMs, outcome }: LogAttempt): string {
  const told = [
    ['headers after', headersMs],
    ['first token after', firstTokenMs],
    [outcome === 'failure' ? 'failed after' : 'ended after', durationMs],
  ] as const;
  return told.flatMap(([what, ms]) => (ms === undefined ? [] : [`${what} ${durationText(ms)}`])).join(', ');
}
