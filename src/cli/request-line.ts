import type { RequestRecord } from '../server/index.ts';

/** One request as a line for people: when, what, how it ended, who answered, what it took, and under which trace ID to find it. */
export function requestLine(record: RequestRecord): string {
  const { time, method, path, status, outcome, durationMs, traceId, client } = record;
  const { provider, target, model, cache, error } = record;
  const parts = [
    new Date(time).toISOString(),
    method,
    printable(path),
    String(status),
    `${Math.round(durationMs)}ms`,
    ...(outcome === 'success' ? [] : [outcome]),
    ...(error === undefined ? [] : [error]),
    ...(provider === undefined ? [] : [provider]),
    ...(model === undefined ? [] : [printable(model)]),
    ...(target === undefined || target === 'config' ? [] : [target]),
    ...(cache === undefined || cache === 'DISABLED' ? [] : [`cache=${cache}`]),
    ...tokens(record),
    ...(client === undefined ? [] : [`key=${client}`]),
    `trace=${printable(traceId)}`,
  ];
  return parts.join(' ');
}

function tokens({ inputTokens, outputTokens }: RequestRecord): readonly string[] {
  return inputTokens === undefined ? [] : [`tokens=${inputTokens}+${outputTokens ?? 0}`];
}

/** What a caller wrote must not begin another line, nor move the cursor. */
function printable(text: string): string {
  return text.replaceAll(/[\s\p{Cc}\p{Cf}\p{Cs}]/gu, (character) => encodeURIComponent(character.toWellFormed()));
}
