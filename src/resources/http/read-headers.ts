import type { CallOptions } from '../../config/client-options.ts';
import { callOptionNames } from '../../config/option-names.ts';
import { closest } from '../../core/did-you-mean.ts';
import { ConfigError } from '../../core/errors/config-error.ts';

/** What request headers say beside the body. */
export interface HeaderReading {
  /** Of the `x-portkey-*` headers; `traceparent` gives trace ID and parent span where these do not. */
  readonly params: CallOptions;
  /** Headers that a config's `forward_headers` may hand on, and that go on to a gateway: no credentials, nothing about the connection. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Reads Portkey's request headers, names in lower case, as options of the call; the inverse of `createHeaders`. A header that is none of ours is passed
 * over, as everywhere in HTTP, unless it looks like a slip of the pen. Throws `ConfigError`.
 */
export function readHeaders(given: Iterable<readonly [name: string, value: string]>): HeaderReading {
  const options: Record<string, unknown> = {};
  const headers: Record<string, string> = {};
  let trace: Record<string, string> = {};
  for (const [name, value] of given) {
    if (name === 'traceparent') trace = traced(value);
    else if (name.startsWith(prefix)) {
      const option = name.slice(prefix.length);
      if (isOption(option)) options[nameOf(option)] = toValue(option, value);
      else if (!heededElsewhere.has(option)) headers[name] = value;
    } else if (!unforwarded.has(name)) headers[name] = value;
  }
  return { params: { ...trace, ...options } as CallOptions, headers };
}

const prefix = 'x-portkey-';

/** Credentials of this call are not the provider's; the rest describes the connection or the old body. */
const unforwarded: ReadonlySet<string> = new Set([
  'authorization',
  'x-api-key',
  'api-key',
  'cookie',
  'proxy-authorization',
  'host',
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-length',
  'content-type',
  'content-encoding',
  'accept',
  'accept-encoding',
  'expect',
]);

/** Portkey's own that tell about the client, or that only the hosted product heeds. */
const heededElsewhere: ReadonlySet<string> = new Set([
  'api-key',
  'package-version',
  'runtime',
  'runtime-version',
  'sensitive-headers',
  'beta',
  'nitro-mode',
  'fetch-integrated-models',
]);

const optionsByName: ReadonlyMap<string, string> = new Map(callOptionNames.map((name) => [fold(name), name]));

function isOption(header: string): boolean {
  if (optionsByName.has(fold(header))) return true;
  const meant = heededElsewhere.has(header) ? undefined : closest(header, optionsByName.keys());
  if (meant === undefined) return false;
  const message = `Unknown header. Did you mean "${prefix}${dashed(optionsByName.get(meant) ?? meant)}"?`;
  throw new ConfigError([{ path: `headers.${prefix}${header}`, message }], 'Invalid headers');
}

function nameOf(header: string): string {
  return optionsByName.get(fold(header)) ?? header;
}

function fold(name: string): string {
  return name.replaceAll(/[-_]/g, '').toLowerCase();
}

function dashed(option: string): string {
  return option
    .replace(/ID$/, 'Id')
    .replaceAll('_', '-')
    .replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

const flags: ReadonlySet<string> = new Set(['debug', 'strict-open-ai-compliance', 'cache-force-refresh']);

function toValue(header: string, value: string): unknown {
  if (flags.has(header)) return toFlag(header, value);
  if (header === 'request-timeout' || header === 'priority') return Number(value);
  if (header === 'forward-headers')
    return value
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
  return value;
}

function toFlag(header: string, value: string): boolean {
  const flag = { true: true, false: false }[value.toLowerCase()];
  if (flag !== undefined) return flag;
  const message = `Must be "true" or "false", not ${JSON.stringify(value)}.`;
  throw new ConfigError([{ path: `headers.${prefix}${header}`, message }], 'Invalid headers');
}

/** W3C Trace Context, section 3.2: version, trace ID, parent span, flags. */
function traced(traceparent: string): Record<string, string> {
  const [, traceID, parentSpanId] = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}/.exec(traceparent) ?? [];
  return traceID === undefined || parentSpanId === undefined ? {} : { traceID, parentSpanId };
}
