import { hash } from './hash.ts';

// W3C Trace Context (https://www.w3.org/TR/trace-context/) and Baggage (https://www.w3.org/TR/baggage/).

/** What a `traceparent` says. */
export interface TraceParent {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly parentSpanId: string;
}

/** Reads `traceparent`; undefined for one that is none, as the standard asks. */
export function readTraceparent(header: string): TraceParent | undefined {
  const [, version, traceId, parentSpanId, more] =
    /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}(-.*)?$/.exec(header.trim()) ?? [];
  if (traceId === undefined || parentSpanId === undefined || version === 'ff') return undefined;
  if (version === '00' && more !== undefined) return undefined;
  return /^0+$/.test(traceId) || /^0+$/.test(parentSpanId) ? undefined : { traceId, parentSpanId };
}

/** `traceparent` for what is sent to a provider: sampled, since it is logged. */
export function writeTraceparent(traceId: string, spanId: string): string {
  return `00-${toW3cTraceId(traceId)}-${spanId}-01`;
}

/** A trace ID of any form as 32 hex digits, always the same for the same: a UUID without its dashes, of other texts a hash. */
export function toW3cTraceId(traceId: string): string {
  const plain = traceId.replaceAll('-', '').toLowerCase();
  return /^[\da-f]{32}$/.test(plain) && !/^0+$/.test(plain) ? plain : hash(traceId);
}

const longestBaggage = 8192;

/** The members of `baggage`, the first of each key; properties behind `;` and what cannot be read are passed over. */
export function readBaggage(header: string): Readonly<Record<string, string>> {
  const members = header
    .slice(0, longestBaggage)
    .split(',')
    .flatMap((member): [string, string][] => {
      const [pair = ''] = member.split(';');
      const at = pair.indexOf('=');
      const key = pair.slice(0, at).trim();
      return at <= 0 || key === '' ? [] : [[key, decoded(pair.slice(at + 1).trim())]];
    });
  return Object.fromEntries(members.reverse());
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
