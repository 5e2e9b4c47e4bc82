import * as z from 'zod/mini';
import { fromLiteLLM } from '../../config/importers/litellm/from-litellm.ts';
import { didYouMean } from '../../core/did-you-mean.ts';
import { ConfigError } from '../../core/errors/config-error.ts';
import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { readShape } from '../../core/read-shape.ts';
import { periodMs } from '../../routing/state/budget/period.ts';
import type { Environment } from '../../vault/env.ts';

/** A key made over `/key/generate`: what it may do. The key itself is nowhere kept. */
export interface IssuedKey {
  /** SHA-256 of the key, 64 hex digits. */
  readonly hash: string;
  readonly key_alias?: string;
  /** Models it may ask for; `anthropic/*` stands for all that begin so. Empty: all. */
  readonly models: readonly string[];
  /** From the model asked for to the one that serves it. */
  readonly aliases: Readonly<Record<string, string>>;
  /** The one config of its calls, made of a LiteLLM document. */
  readonly config?: object;
  /** US dollars; for ever, or in each `budget_duration`. */
  readonly max_budget?: number;
  readonly budget_duration?: string;
  /** Requests and tokens in a minute. */
  readonly rpm_limit?: number;
  readonly tpm_limit?: number;
  readonly max_parallel_requests?: number;
  /** It opens nothing until it is unblocked. */
  readonly blocked?: boolean;
  /** Joins the metadata of its calls. */
  readonly metadata: JsonObject;
  /** Milliseconds since the epoch. */
  readonly created_at: number;
  /** Milliseconds since the epoch from which it opens nothing; null: never. */
  readonly expires: number | null;
}

/** Names the key wherever it must be told from others and not be known: the first 12 digits of its hash. */
export function idOf({ hash }: Pick<IssuedKey, 'hash'>): string {
  return hash.slice(0, 12);
}

/** What a request for a key says, checked; without what is made for it. */
export interface KeyWish extends Omit<IssuedKey, 'hash' | 'created_at' | 'expires'> {
  /** Milliseconds it is to hold; null: for ever. */
  readonly durationMs: number | null;
}

const duration = z
  .string()
  .check(
    z.refine(
      (text) => /^\d/.test(text) && periodMs(text) !== undefined,
      'must be a time such as "30s", "30m", "24h", "30d"',
    ),
  );
const amount = z.int().check(z.positive());
const fields = {
  key_alias: z.nullish(z.string().check(z.minLength(1), z.maxLength(200))),
  models: z.nullish(z.array(z.string().check(z.minLength(1)))),
  aliases: z.nullish(z.record(z.string().check(z.minLength(1)), z.string().check(z.minLength(1)))),
  config: z.nullish(z.looseObject({})),
  duration: z.nullish(duration),
  max_budget: z.nullish(z.number().check(z.nonnegative())),
  budget_duration: z.nullish(duration),
  rpm_limit: z.nullish(amount),
  tpm_limit: z.nullish(amount),
  max_parallel_requests: z.nullish(amount),
  blocked: z.nullish(z.boolean()),
  metadata: z.nullish(z.looseObject({})),
};
const schema = z.object(fields);

/** A key holds a month where a request for it says nothing of that. Source: LiteLLM documentation, "Hosted Request Queing". */
const defaultDuration = '30d';

/** Reads the body of `/key/generate`. Throws `InvalidRequestError` for what is not known or cannot be meant. */
export function readKeyWish(body: JsonObject, environment: Environment): KeyWish {
  const { duration: holds = defaultDuration, config, models, aliases, metadata, ...others } = parsed(body);
  const { budget_duration: period, ...rest } = others;
  checkPeriod(period, rest.max_budget);
  return {
    models: models ?? [],
    aliases: aliases ?? {},
    metadata: metadata ?? {},
    ...definedOf(rest),
    ...(period == null ? {} : { budget_duration: period }),
    ...(config == null ? {} : { config: imported(config, environment) }),
    durationMs: holds === null ? null : (periodMs(holds) ?? 0),
  };
}

/**
 * `key` with what the body of `/key/update` says: what it does not name stays, null takes a field away, `duration` counts from `now`. Throws
 * `InvalidRequestError` as {@link readKeyWish}.
 */
export function updatedKey(key: IssuedKey, body: JsonObject, environment: Environment, now: number): IssuedKey {
  const { duration: holds, config, ...fields } = parsed(body);
  const named = Object.entries({ ...key, ...fields }).filter(([, value]) => value !== null && value !== undefined);
  const { config: before, ...updated } = Object.fromEntries(named) as unknown as IssuedKey;
  checkPeriod(updated.budget_duration, updated.max_budget);
  const kept = config === undefined ? before : config === null ? undefined : imported(config, environment);
  return {
    ...updated,
    models: updated.models ?? [],
    aliases: updated.aliases ?? {},
    metadata: updated.metadata ?? {},
    ...(kept === undefined ? {} : { config: kept }),
    expires: holds === undefined ? key.expires : holds === null ? null : now + (periodMs(holds) ?? 0),
  };
}

function parsed(body: JsonObject): z.infer<typeof schema> {
  refuseUnknown(body);
  const { success, data, error } = readShape(schema, body);
  if (success) return data;
  const [issue] = error.issues;
  const path = issue?.path.join('.') ?? 'body';
  throw new InvalidRequestError(path, `"${path}": ${issue?.message ?? 'is not valid'}.`);
}

function checkPeriod(period: string | null | undefined, amount: number | null | undefined): void {
  if (period != null && amount == null)
    throw new InvalidRequestError('budget_duration', '"budget_duration" says nothing without "max_budget".');
}

function refuseUnknown(body: JsonObject): void {
  const unknown = Object.keys(body).find((name) => !(name in fields));
  if (unknown === undefined) return;
  const hint = didYouMean(unknown, Object.keys(fields)) || ` Known: ${Object.keys(fields).join(', ')}.`;
  throw new InvalidRequestError(unknown, `A key has no "${unknown}" here.${hint}`);
}

type Present<Fields> = { [Name in keyof Fields]?: NonNullable<Fields[Name]> };

function definedOf<Fields extends object>(given: Fields): Present<Fields> {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined && value !== null),
  ) as Present<Fields>;
}

function imported(config: JsonObject, environment: Environment): object {
  try {
    return fromLiteLLM(config, { environment }).config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const problems = error.issues.map(({ path, message }) => `${path}: ${message}`).join(' ');
    throw new InvalidRequestError('config', `"config" cannot be used. ${problems}`);
  }
}

/** May `key` ask for `model`? */
export function mayAsk({ models, aliases }: IssuedKey, model: string): boolean {
  if (models.length === 0 || Object.hasOwn(aliases, model)) return true;
  return models.some((known) => (known.endsWith('*') ? model.startsWith(known.slice(0, -1)) : known === model));
}
