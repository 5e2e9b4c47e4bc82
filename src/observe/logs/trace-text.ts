import type { LogAttempt, LogRecord } from '../../core/log-record.ts';
import type { Usage } from '../../core/usage.ts';
import type { Trace, TraceSpan } from './trace.ts';

/** A trace as a tree of lines for a terminal, without colours, ending in a line break. */
export function traceText(trace: Trace): string {
  const { traceId, durationMs, totals, spans, feedback } = trace;
  const { requests, attempts, failures, promptTokens, completionTokens, costMicroUsd } = totals;
  const head = [
    counted(requests, 'call'),
    ...(failures === 0 ? [] : [`${failures} failed`]),
    counted(attempts, 'attempt'),
    counted(promptTokens + completionTokens, 'token'),
    ...(costMicroUsd === undefined ? [] : [dollars(costMicroUsd)]),
    time(durationMs),
  ];
  const judged = feedback.map(({ value, weight }) => `feedback ${value}${weight === 1 ? '' : ` (weight ${weight})`}`);
  const lines = [`${traceId}: ${[...head, ...judged].join(', ')}`, ...tree(spans, '')];
  // What was logged may hold anything, but nothing that moves the cursor.
  return `${lines.map((line) => line.replaceAll(/\p{Cc}/gu, '?')).join('\n')}\n`;
}

function tree(spans: readonly TraceSpan[], indent: string): readonly string[] {
  return spans.flatMap((span, index) => {
    const isLast = index === spans.length - 1;
    const line = `${indent}${isLast ? '└─' : '├─'} ${label(span)}`;
    const below = span.kind === 'attempt' ? [] : tree(span.children, `${indent}${isLast ? '   ' : '│  '}`);
    return [line, ...below];
  });
}

function label(span: TraceSpan): string {
  if (span.kind === 'request') return requestLabel(span.record);
  return span.kind === 'node' ? `${span.mode} (${span.path})` : attemptLabel(span.attempt);
}

function requestLabel(record: LogRecord): string {
  const { spanName, endpoint, requestedModel, outcome, status, cache, cost, configId } = record;
  const name = [spanName ?? endpoint, requestedModel].filter(Boolean).join(' ');
  const facts = [
    `${outcome}${status === undefined ? '' : ` ${status}`}`,
    time(record.durationMs),
    ...(record.usage === undefined ? [] : [tokens(record.usage)]),
    ...(cost === undefined ? [] : [dollars(cost.microUsd)]),
    ...(cache === 'DISABLED' ? [] : [`cache ${cache}`]),
    ...(configId === undefined ? [] : [`config ${configId}`]),
  ];
  return `${name}: ${facts.join(', ')}`;
}

function attemptLabel(attempt: LogAttempt): string {
  const { name, virtualKey, provider, model, outcome, status, errorKind, reason, path } = attempt;
  const who = name ?? virtualKey ?? path;
  const sign = outcome === 'success' ? '✔' : outcome === 'failure' ? '✘' : '–';
  const facts = [
    [status, errorKind ?? (outcome === 'success' ? undefined : outcome)].filter((part) => part !== undefined).join(' '),
    ...(attempt.durationMs === undefined ? [] : [time(attempt.durationMs)]),
    ...(attempt.firstTokenMs === undefined ? [] : [`first token ${time(attempt.firstTokenMs)}`]),
    ...(reason === undefined || reason.waitedMs < 1 ? [] : [`after a wait of ${time(reason.waitedMs)}`]),
    ...(attempt.usage === undefined ? [] : [tokens(attempt.usage)]),
  ].filter((part) => part !== '');
  const retry = attempt.retry === 0 ? '' : ` (retry ${attempt.retry})`;
  const target = `${sign} ${who} (${[provider, model].filter(Boolean).join(' ')})${retry}`;
  return facts.length === 0 ? target : `${target}: ${facts.join(', ')}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function tokens({ promptTokens, completionTokens }: Usage): string {
  return `${promptTokens} + ${completionTokens} tokens`;
}

function dollars(microUsd: number): string {
  return `$${(microUsd / 1_000_000).toFixed(6)}`;
}

function time(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}
