import type { Credentials } from '../core/credentials.ts';
import { VirtualKeyError } from '../core/errors/vault-errors.ts';
import type { Vault } from '../core/vault.ts';
import { keepIfSame } from './keep-if-same.ts';
import type { ProviderDirectory, ProviderFacts } from './provider-directory.ts';
import { slugProblem } from './slug.ts';
import { readVirtualKey } from './virtual-key-fields.ts';

const variablePrefix = 'MODELMUX_VIRTUAL_KEY_';

/**
 * Virtual keys from environment variables, which are handed in and read at every lookup:
 *
 * 1. `MODELMUX_VIRTUAL_KEY_<SLUG>`, the slug in capitals with `_` for everything else (`openai-prod` is `OPENAI_PROD`):
 *    a JSON object `{"provider": "openai", "api_key": "…"}`, or `openai:…`.
 * 2. A slug that is a provider's name: that provider's own variables, such as `OPENAI_API_KEY`. Known when a key or
 *    any provider field is set, or the provider needs no key. An empty variable counts as unset.
 *
 * Rejects with `VirtualKeyError` when a variable is set but cannot be read.
 */
export function envVault(env: Environment, providers: ProviderDirectory): Vault {
  // By variable or provider, not by slug: many slugs spell the same variable, and callers choose slugs.
  const known = new Map<string, Credentials>();
  return {
    get(slug) {
      try {
        const found = fromVariable(slug, env, providers) ?? fromProvider(slug, env, providers);
        if (found === undefined) return undefined;
        const credentials = keepIfSame(known.get(found.source), read(slug, found, providers));
        known.set(found.source, credentials);
        return credentials;
      } catch (error) {
        return Promise.reject(error);
      }
    },
    // Only what is written as JSON can have any.
    mayLimit: Object.entries(env).some(
      ([name, text]) => name.startsWith(variablePrefix) && text?.trimStart().startsWith('{') === true,
    ),
    slugs: () =>
      Object.keys(env)
        .filter((name) => name.startsWith(variablePrefix) && env[name] !== undefined)
        .map((name) => name.slice(variablePrefix.length).toLowerCase().replaceAll('_', '-')),
  };
}

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment says of a slug, and where: a variable's or a provider's name. */
interface Finding {
  readonly source: string;
  readonly fields: unknown;
}

function read(slug: string, { source, fields }: Finding, providers: ProviderDirectory): Credentials {
  const reading = readVirtualKey(fields, source, providers);
  if (reading.credentials !== undefined) return reading.credentials;
  const problems = reading.issues.map((issue) => `${issue.path} ${issue.message}`).join('; ');
  throw new VirtualKeyError(`Virtual key "${slug}" cannot be read from the environment: ${problems}.`);
}

function fromVariable(slug: string, env: Environment, providers: ProviderDirectory): Finding | undefined {
  if (slugProblem(slug) !== undefined) return undefined;
  const source = variableOf(slug);
  const text = env[source]?.trim();
  if (text === undefined || text === '') return undefined;
  return { source, fields: text.startsWith('{') ? parse(text, source) : split(text, source, providers) };
}

/** The variable that a virtual key is read from: `MODELMUX_VIRTUAL_KEY_OPENAI_PROD` for `openai-prod`. */
export function variableOf(slug: string): string {
  return variablePrefix + slug.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

function parse(text: string, variable: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own error quotes the text, and with it the key: it must not become the cause.
    throw new VirtualKeyError(`${variable} begins with "{" but is not valid JSON.`);
  }
}

function split(text: string, variable: string, providers: ProviderDirectory): unknown {
  const end = text.indexOf(':');
  const provider = text.slice(0, Math.max(end, 0)).trim();
  if (providers.find(provider) !== undefined) return { provider, api_key: text.slice(end + 1).trim() };
  // What stands before the colon may be part of a key: it is not repeated, only what it may have been meant for.
  const meant = providers.suggest(provider);
  const hint = meant === undefined ? '' : ` Did you mean "${meant}:…"?`;
  throw new VirtualKeyError(
    `${variable} does not say whose key it is. Write provider and key as "openai:…", or a JSON object.${hint}`,
  );
}

function fromProvider(slug: string, env: Environment, providers: ProviderDirectory): Finding | undefined {
  const provider = providers.find(slug);
  if (provider === undefined) return undefined;
  const apiKey = firstSet(provider.env, env);
  const settings = settingsFrom(provider, env);
  const isKnown = apiKey !== undefined || provider.needsKey === false || Object.keys(settings).length > 0;
  if (!isKnown) return undefined;
  const key = apiKey === undefined ? {} : { api_key: apiKey };
  return { source: provider.name, fields: { provider: provider.name, ...key, settings } };
}

function settingsFrom(provider: ProviderFacts, env: Environment): Record<string, string> {
  const found = Object.entries(provider.envSettings ?? {}).flatMap(([name, variables]) => {
    const value = firstSet(variables, env);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}

function firstSet(variables: readonly string[], env: Environment): string | undefined {
  return variables.map((name) => env[name]?.trim()).find((value) => value !== undefined && value !== '');
}
