import * as z from 'zod/mini';
import { ConfigError } from '../core/errors/config-error.ts';
import { isJsonObject } from '../core/json.ts';
import { readShape } from '../core/read-shape.ts';
import type { SpanFacts } from '../core/span-facts.ts';
import type { CanonicalOptions } from './option-names.ts';

const text = z.string().check(z.minLength(1));
// Header values and log lines carry these: no control characters.
const line = text.check(z.maxLength(512), z.regex(/^\P{Cc}*$/u, 'must not contain control characters'));

const functions = z.union([z.function(), z.array(z.function())], 'Expected a function or a list of functions');

const values = z.partial(
  z.object({
    apiKey: text,
    baseURL: z.url({ protocol: /^https?$/ }),
    provider: text,
    virtualKey: text,
    Authorization: line,
    traceID: line,
    spanId: line,
    spanName: line,
    parentSpanId: line,
    debug: z.boolean(),
    customHost: z.url({ protocol: /^https?$/ }),
    forwardHeaders: z.array(line),
    requestTimeout: z.number().check(z.positive(), z.maximum(2_147_483_647)),
    strictOpenAiCompliance: z.boolean(),
    cacheForceRefresh: z.boolean(),
    cacheNamespace: line,
    priority: z.number().check(z.minimum(-1_000_000), z.maximum(1_000_000)),
    store: z.custom(isStore, 'Must have the methods get(key), set(key, value, ttlMs) and delete(key)'),
    guardrails: z.record(z.string().check(z.minLength(1)), z.unknown()),
    defaultInputGuardrails: z.array(z.unknown()),
    defaultOutputGuardrails: z.array(z.unknown()),
    beforeRequest: functions,
    afterRequest: functions,
    shared: z.custom(isShared, 'Must be what redis(…) of "modelmux/redis" returns'),
    jobs: z.custom(isJobQueue, 'Must be a job queue, such as memoryJobs() or bullJobs(…)'),
    tags: z.array(line),
    region: z.union([line, z.array(line)]),
    disableFallbacks: z.boolean(),
    prices: z.record(z.string(), z.unknown()),
    priceList: z.union([z.literal('genai-prices'), z.literal(false)]),
    budgetStore: z.custom(
      isBudgetStore,
      'Must be {"file": "…"}, or have the methods read(), append(entries) and replace(entries)',
    ),
    currencyRates: z.record(
      z.string().check(z.regex(/^[A-Z]{3}$/, 'must be a currency code')),
      z.number().check(z.positive()),
    ),
    tokenizer: z.union([z.enum(['approximate', 'gpt-tokenizer']), z.function()]),
    tracer: z.object({ startRequest: z.function() }),
    fetch: z.function(),
    random: z.function(),
    clock: z.object({ now: z.function(), after: z.function() }),
    dangerouslyAllowBrowser: z.boolean(),
  }),
);

/** A store may be of any class: its methods need not be its own. */
function isStore(given: unknown): boolean {
  return hasMethods(given, ['get', 'set', 'delete']);
}

function isShared(given: unknown): boolean {
  const { state, store, vectors } = (given ?? {}) as Readonly<Record<string, unknown>>;
  return hasMethods(state, ['exchange']) && isStore(store) && hasMethods(vectors, ['append', 'since']);
}

function isBudgetStore(given: unknown): boolean {
  if (hasMethods(given, ['read', 'append', 'replace'])) return true;
  return (
    isJsonObject(given) && typeof given['file'] === 'string' && given['file'] !== '' && Object.keys(given).length === 1
  );
}

function isJobQueue(given: unknown): boolean {
  return hasMethods(given, ['start', 'submit', 'get', 'cancel', 'close']);
}

function hasMethods(given: unknown, names: readonly string[]): boolean {
  return (
    typeof given === 'object' &&
    given !== null &&
    names.every((name) => typeof (given as Record<string, unknown>)[name] === 'function')
  );
}

/** Checks the values of options; everything wrong in one `ConfigError`, secrets never quoted. */
export function checkValues(options: CanonicalOptions, place: 'options' | 'params'): void {
  const result = readShape(values, options);
  const issues = (result.success ? [] : result.error.issues).map((issue) => ({
    path: `${place}.${issue.path.join('.')}`,
    message: `${issue.message.replace(/^Invalid input: /, '')}.`,
  }));
  if (issues.length > 0) throw new ConfigError(issues, 'Invalid options');
}

/** Metadata as text values: strings stay, anything else becomes JSON. Also accepts the whole as JSON, as headers carry it. Throws `ConfigError`. */
export function toMetadata(given: unknown): Readonly<Record<string, string>> {
  if (given === undefined) return {};
  const metadata = typeof given === 'string' ? parse(given) : given;
  if (!isJsonObject(metadata)) throw notAnObject();
  return Object.fromEntries(
    Object.entries(metadata).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))]],
    ),
  );
}

/** What options say of a call's place in its trace; undefined when they say nothing. */
export function spanOf({ spanId, spanName, parentSpanId }: CanonicalOptions): SpanFacts | undefined {
  if (spanId === undefined && spanName === undefined && parentSpanId === undefined) return undefined;
  return {
    ...(spanId === undefined ? {} : { spanId }),
    ...(spanName === undefined ? {} : { spanName }),
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
  };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw notAnObject();
  }
}

function notAnObject(): ConfigError {
  return new ConfigError(
    [{ path: 'metadata', message: 'Must be an object such as { "_user": "u-1" }.' }],
    'Invalid options',
  );
}
