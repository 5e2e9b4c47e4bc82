import type { TargetInfo } from '../../../core/attempt.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { HeaderMap, Reply } from '../../../core/reply.ts';

/** A reply as it is stored. */
export interface Entry {
  /** Milliseconds since the epoch. */
  readonly storedAt: number;
  readonly status: number;
  readonly headers: HeaderMap;
  readonly target: TargetInfo;
  readonly body:
    | { readonly kind: 'json'; readonly value: JsonObject }
    | { readonly kind: 'stream'; readonly chunks: readonly JsonObject[] };
}

const version = 1;

/** The text of an entry: the facts of `reply`, and its body as JSON texts already: one value, or the chunks of a stream. */
export function writeEntry(
  { status, headers, target }: Pick<Reply, 'status' | 'headers' | 'target'>,
  body: { readonly value: string } | { readonly chunks: readonly string[] },
  storedAt: number,
): string {
  const facts = JSON.stringify({ version, storedAt, status, headers: keptHeaders(headers), target });
  const rest = 'value' in body ? `"value":${body.value}` : `"chunks":[${body.chunks.join(',')}]`;
  return `${facts.slice(0, -1)},${rest}}`;
}

/** Headers that are true of the answer itself. Limits, cookies and dates belong to the call that was really made. */
const lasting: ReadonlySet<string> = new Set(['content-type', 'x-request-id', 'request-id', 'x-amzn-requestid']);

function keptHeaders(headers: HeaderMap): HeaderMap {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => lasting.has(name)));
}

/** A fresh entry of its text, whose objects nobody else holds; undefined for anything else a store may return. */
export function readEntry(text: string): Entry | undefined {
  const stored = parsed(text);
  if (!isJsonObject(stored) || stored.version !== version) return undefined;
  const { storedAt, status, headers, target, value, chunks } = stored;
  if (typeof storedAt !== 'number' || typeof status !== 'number' || !isJsonObject(headers) || !isJsonObject(target))
    return undefined;
  const facts = { storedAt, status, headers: headers as HeaderMap, target: target as unknown as TargetInfo };
  if (isJsonObject(value)) return { ...facts, body: { kind: 'json', value } };
  if (Array.isArray(chunks)) return { ...facts, body: { kind: 'stream', chunks } };
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
