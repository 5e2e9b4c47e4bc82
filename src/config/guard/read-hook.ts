import * as z from 'zod/mini';
import { didYouMean } from '../../core/did-you-mean.ts';
import type { HookStage } from '../../core/hooks.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { readShape } from '../../core/read-shape.ts';
import type { Check, ReportIssue } from '../../routing/guardrails/check.ts';
import { checkKinds } from '../../routing/guardrails/checks/index.ts';
import type { Hook } from '../../routing/middleware/index.ts';
import type { HookEntry } from './hook-entries.ts';
import { below, kindOfCheck, readCheck } from './read-check.ts';

/** What an entry is read with. */
export interface HookReading {
  readonly stage: HookStage;
  readonly named: Readonly<Record<string, unknown>>;
  /** Told what is wrong, with the path below the entry. */
  readonly report: ReportIssue;
}

const defaultTimeoutMs = 30_000;

/** An entry of a list of hooks, read strictly. Undefined after reporting. */
export function readHook({ given, type, place }: HookEntry, reading: HookReading): Hook | undefined {
  if (typeof given !== 'string') return readDefinition(given, { id: place, type }, reading);
  if (Object.hasOwn(reading.named, given)) return readDefinition(reading.named[given], { id: given, type }, reading);
  const ids = Object.keys(reading.named);
  const hint =
    didYouMean(given, ids) || (ids.length === 0 ? ' The client has no "guardrails".' : ` IDs: ${ids.join(', ')}.`);
  reading.report('', `There is no guardrail "${given}".${hint}`);
  return undefined;
}

type Standing = Pick<HookEntry, 'type'> & { readonly id: string };

function readDefinition(given: unknown, standing: Standing, reading: HookReading): Hook | undefined {
  const options = typeof given === 'function' ? { checks: [given], deny: true } : given;
  if (!isJsonObject(options)) {
    reading.report(
      '',
      'Must be a guardrail, such as { "default.contains": { "operator": "none", "words": ["x"] }, "deny": true }, the ID of one, or a function.',
    );
    return undefined;
  }
  let isSound = true;
  const report: ReportIssue = (path, message) => {
    isSound = false;
    reading.report(path, message);
  };
  const { rest, checks: short } = respelt(options, report);
  const read = readShape(optionsSchema, rest);
  if (!read.success) for (const issue of read.error.issues) reportOption(issue, report);
  const type = read.data?.type ?? standing.type;
  const reader = { type, stage: reading.stage, report };
  const checks = [
    ...(read.data?.checks ?? []).flatMap((check, index) => readCheck(check, `.checks[${index}]`, reader)),
    ...short.flatMap(([name, parameters]) => kindOfCheck(name, parameters, below(reader, `["${name}"]`))),
  ];
  if (read.success && isSound && checks.length === 0) report('.checks', 'Needs at least one check that is enabled.');
  if (!read.success || !isSound) return undefined;
  const hook = toHook(read.data, checks, { ...standing, type });
  checkTogether(read.data, hook, { ...reading, report });
  return isSound ? hook : undefined;
}

const feedback = z.strictObject({
  feedback: z.optional(
    z.strictObject({
      value: z.optional(z.number()),
      weight: z.optional(z.number()),
      metadata: z.optional(z.union([z.record(z.string(), z.unknown()), z.string()])),
    }),
  ),
});

const optionsSchema = z.strictObject({
  id: z.optional(z.string().check(z.minLength(1))),
  name: z.optional(z.string().check(z.minLength(1))),
  type: z.optional(z.enum(['guardrail', 'mutator'])),
  checks: z.optional(z.array(z.unknown())),
  deny: z.optional(z.boolean()),
  async: z.optional(z.boolean()),
  sequential: z.optional(z.boolean()),
  on_success: z.optional(feedback),
  on_fail: z.optional(feedback),
  on_error: z.optional(z.enum(['deny', 'allow'])),
  timeout: z.optional(z.number().check(z.positive(), z.maximum(2_147_483_647))),
  stream: z.optional(z.enum(['hold', 'end'])),
  messages: z.optional(z.enum(['last', 'all'])),
  guardrail_version_id: z.optional(z.string()),
});

type Options = z.infer<typeof optionsSchema>;
const optionNames = Object.keys(optionsSchema.shape);

function reportOption(issue: z.core.$ZodIssue, report: ReportIssue): void {
  const path = issue.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  if (issue.code === 'unrecognized_keys')
    report(path, `Unknown key ${issue.keys.map((key) => `"${key}"`).join(', ')}.`);
  else report(path, sentenceOf(issue.message));
}

function sentenceOf(message: string): string {
  const text = message.replace(/^Invalid (?:input|option): /, '');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

interface Respelt {
  readonly rest: JsonObject;
  /** Checks written by their IDs beside the options. */
  readonly checks: readonly (readonly [id: string, parameters: unknown])[];
}

/** Options in snake_case, those of Portkey's `actions` among them, and the checks of the short form. */
function respelt({ actions, ...given }: JsonObject, report: ReportIssue): Respelt {
  if (actions !== undefined && !isJsonObject(actions))
    report('.actions', 'Must be an object, such as { "deny": true }.');
  const rest: Record<string, unknown> = {};
  const checks: [string, unknown][] = [];
  const entries = [...Object.entries(given), ...Object.entries(isJsonObject(actions) ? actions : {})];
  for (const [key, value] of entries) {
    const name = key.replaceAll(/[A-Z]+/g, (capitals) => `_${capitals.toLowerCase()}`);
    if (value === undefined) continue;
    if (optionNames.includes(name)) {
      if (rest[name] !== undefined) report(`.${key}`, 'Given twice. Keep one.');
      rest[name] = value;
    } else if (key.includes('.') || Object.hasOwn(checkKinds, key)) checks.push([key, value]);
    else
      report(
        `.${key}`,
        `Unknown key "${key}" of a guardrail.${didYouMean(key, [...optionNames, ...Object.keys(checkKinds)])}`,
      );
  }
  return { rest, checks };
}

function toHook(options: Options, checks: readonly Check[], { id, type }: Standing): Hook {
  const { deny = type === 'mutator', async = false, sequential = false, on_error = 'deny' } = options;
  const changes = type === 'mutator' || checks.some((check) => check.changes === true);
  return {
    id: options.id ?? options.name ?? id,
    type,
    checks,
    deny,
    async,
    sequential,
    onError: on_error,
    timeoutMs: options.timeout ?? defaultTimeoutMs,
    stream: options.stream ?? (deny || changes ? 'hold' : 'end'),
    messages: options.messages,
    onSuccess: toFeedback(options.on_success),
    onFail: toFeedback(options.on_fail),
  };
}

function toFeedback(action: z.infer<typeof feedback> | undefined): Hook['onFail'] {
  const given = action?.feedback;
  if (given === undefined) return undefined;
  const { value = 0, weight = 1, metadata = {} } = given;
  return { value, weight, metadata: typeof metadata === 'string' ? { metadata } : metadata };
}

/** What cannot be meant together. */
function checkTogether({ deny, stream, messages }: Options, hook: Hook, { stage, report }: HookReading): void {
  const changes = hook.type === 'mutator' || hook.checks.some((check) => check.changes === true);
  if (hook.async && deny === true)
    report('.deny', 'Cannot refuse: "async" lets the request go on without waiting for the verdict.');
  if (hook.async && changes) report('.async', 'What changes a request or reply must be waited for.');
  if (stage === 'input' && stream !== undefined) report('.stream', 'Has a meaning for replies only.');
  if (stage === 'output' && messages !== undefined) report('.messages', 'Has a meaning for requests only.');
  if (stream === 'end' && changes) report('.stream', 'What changes a reply must hold a stream back: use "hold".');
}
