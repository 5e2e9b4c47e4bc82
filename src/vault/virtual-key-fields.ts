import * as z from 'zod/mini';
import { Credentials } from '../core/credentials.ts';
import { closest } from '../core/did-you-mean.ts';
import type { ConfigIssue } from '../core/errors/config-error.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { ProviderReference } from '../core/provider-name.ts';
import { readShape } from '../core/read-shape.ts';
import { settingName, toSettings } from '../core/settings.ts';
import { readTerms, termNames, toTerms, type WrittenTerms } from './key-terms.ts';
import type { ProviderDirectory, ProviderFacts } from './provider-directory.ts';

/**
 * Reads what a user wrote for one virtual key, wherever it stood: option, environment, file, a resolver's answer. Either the
 * credentials or everything wrong with it; `path` begins every issue's path. No message repeats a value, since any may be the secret
 * put in the wrong place; a provider's name is repeated only when it is nearly a known one.
 */
export function readVirtualKey(input: unknown, path: string, providers: ProviderDirectory): VirtualKeyReading {
  if (!isJsonObject(input)) return { issues: [{ path, message: `must be an object such as ${example('openai')}` }] };
  const provider = typeof input['provider'] === 'string' ? providers.find(input['provider']) : undefined;
  const fields = providerFields(input);
  const misspelt = misspellings(fields, provider?.fieldPrefix);
  const { settings, collisions } = toSettings(fields, provider?.fieldPrefix);
  const apiKey = input['api_key'] ?? input['apiKey'];
  const terms = readTerms(input);
  const issues = [
    ...terms.issues,
    ...shapeIssues(input).filter((issue) => !misspelt.some(({ meant }) => issue.path === meant)),
    ...providerIssues(input['provider'], provider, providers),
    ...keyIssues(input),
    ...settingsIssues(input),
    ...misspelt.map(({ field, meant }) => ({ path: field, message: `is no field here. Did you mean "${meant}"?` })),
    ...collisions.map(({ spellings }) => ({ path: spellings.at(-1) ?? '', message: twice(spellings) })),
  ];
  if (issues.length === 0 && apiKey === undefined && lacksKey(provider, settings)) {
    issues.push({ path: 'api_key', message: 'is missing' });
  }
  const { written } = terms;
  if (issues.length > 0 || provider === undefined || written === undefined)
    return { issues: issues.map((issue) => below(path, issue)) };
  const facts = { provider: provider.name, apiKey: asText(apiKey), settings, terms: toTerms(written) };
  return { issues: [], credentials: new Credentials(facts), written };
}

/** One virtual key as a user writes it: who is asked, the key, and the provider's fields beside them or in `settings`. */
export interface VirtualKeyFields extends WrittenTerms {
  /** A provider's name or alias: `openai`. */
  readonly provider: ProviderReference;
  readonly api_key?: string | undefined;
  readonly apiKey?: string | undefined;
  /** A provider field in snake_case or camelCase, with or without the provider's prefix: `azure_resource_name`, `resourceName`. */
  readonly [field: string]: unknown;
}

/** What {@link readVirtualKey} found: credentials, or issues. */
export type VirtualKeyReading =
  | { readonly credentials: Credentials; readonly written: WrittenTerms; readonly issues: readonly [] }
  | { readonly credentials?: undefined; readonly issues: readonly ConfigIssue[] };

/** How a virtual key is written, for messages: `{ provider: "openai", api_key: "…" }`. */
export function example(provider: string): string {
  return `{ provider: ${JSON.stringify(provider)}, api_key: "…" }`;
}

/**
 * An API key: printable ASCII without white space around it, as an HTTP header can carry it. A key that cannot would
 * otherwise fail deep inside `fetch`, with an error that quotes it.
 */
export const apiKeyText = z
  .string('must be a string')
  .check(
    z.minLength(1, 'is empty'),
    z.regex(
      /^(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/,
      'has white space around it, or characters an HTTP header cannot carry',
    ),
  );

const shape = z.looseObject({
  provider: z.string('must be the name of a provider, such as "openai"').check(z.minLength(1, 'is empty')),
  api_key: z.optional(apiKeyText),
  apiKey: z.optional(apiKeyText),
  settings: z.optional(z.looseObject({}, 'must be an object of provider fields')),
});

function shapeIssues(input: JsonObject): ConfigIssue[] {
  const { error } = readShape(shape, input);
  return (error?.issues ?? []).map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }));
}

function providerIssues(name: unknown, provider: ProviderFacts | undefined, providers: ProviderDirectory) {
  if (provider?.retired !== undefined) return [{ path: 'provider', message: provider.retired }];
  if (provider !== undefined || typeof name !== 'string' || name === '') return [];
  const meant = providers.suggest(name);
  const message =
    meant === undefined
      ? 'names no known provider'
      : `names no known provider: "${printable(name)}". Did you mean "${meant}"?`;
  return [{ path: 'provider', message }];
}

function keyIssues(input: JsonObject): ConfigIssue[] {
  const given = ['api_key', 'apiKey'].filter((field) => Object.hasOwn(input, field));
  const unset = given.filter((field) => input[field] === undefined);
  if (given.length === 2 && unset.length === 0) return [{ path: 'api_key', message: twice(given) }];
  if (given.length === 0 || unset.length < given.length) return [];
  return unset.map((field) => ({
    path: field,
    message: 'is undefined. If it comes from an environment variable, check that this is set',
  }));
}

/** What is written beside the names read here, or else the members of `settings`. */
function providerFields(input: JsonObject): JsonObject {
  const { settings, ...fields } = besideKey(input);
  return isJsonObject(settings) ? settings : fields;
}

/** All but whom to ask, the key, and what it may be used for. */
function besideKey({
  provider,
  api_key,
  apiKey,
  usage_limits,
  rate_limits,
  expires_at,
  ...fields
}: JsonObject): JsonObject {
  return fields;
}

/** Fields in both places would need a rule which one wins: refused instead. */
function settingsIssues(input: JsonObject): ConfigIssue[] {
  const { settings, ...fields } = besideKey(input);
  const [field] = Object.keys(fields);
  if (!isJsonObject(settings) || field === undefined) return [];
  return [{ path: field, message: 'stands beside "settings". Write all provider fields in one of the two places' }];
}

/** Fields that are read here, with a slip: `providr`, `apikey`, `key`, `openai_api_key`, `rateLimits`. */
function misspellings(fields: JsonObject, fieldPrefix: string | undefined) {
  return Object.keys(fields).flatMap((field) => {
    const name = settingName(field, fieldPrefix);
    const meant = name === 'key' ? 'api_key' : closest(name, ['provider', 'api_key', ...termNames]);
    return meant === undefined ? [] : [{ field, meant }];
  });
}

function lacksKey(provider: ProviderFacts | undefined, settings: object): boolean {
  return provider?.needsKey !== false && Object.keys(settings).length === 0;
}

function twice(spellings: readonly string[]): string {
  return `${spellings.map((spelling) => `"${spelling}"`).join(' and ')} say the same. Keep one of them`;
}

function below(path: string, issue: ConfigIssue): ConfigIssue {
  return { path: issue.path === '' ? path : `${path}.${issue.path}`, message: issue.message };
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function printable(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '?').slice(0, 50);
}
