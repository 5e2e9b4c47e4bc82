import { didYouMean } from '../../../core/did-you-mean.ts';
import type { JsonObject } from '../../../core/json.ts';
import { findProvider, providerNames } from '../../../providers/hosts/index.ts';
import type { Config } from '../../config.ts';
import type { Section } from '../foreign/section.ts';
import type { Keys } from './keys.ts';

/** One entry of a route's `models`, read. */
export interface RouteModel {
  readonly path: string;
  readonly node: Config;
  readonly weight: number | undefined;
  /** Asked only when those that are no fallback have failed. */
  readonly isFallback: boolean;
  /** Statuses of this model that lead to the next one; empty: any failure does. Undefined: none does. */
  readonly leadsOn: readonly number[] | undefined;
}

/** What models need of the document around them. */
export interface ModelScope {
  readonly keys: Keys;
  /** `config` of providers, by name. */
  readonly providers: ReadonlyMap<string, Section>;
  /** Identity of the model's target: the same model twice in a route is two targets. */
  readonly id: string;
}

/** Javelin's names of providers that are not names of ours. */
const names: ReadonlyMap<string, string> = new Map([
  ['azureopenai', 'azure-openai'],
  ['amazon', 'bedrock'],
  ['googlebard', 'google'],
  ['palm', 'google'],
  ['vertexai', 'vertex-ai'],
]);

/** Google's first models, shut down in 2024. Source: Google AI for Developers, "PaLM API deprecation". */
const retired = /^(?:models\/)?(?:chat|text|code|codechat)-(?:bison|unicorn)/;

/** Paths that a call's own endpoint leads to anyway. */
const ownPaths =
  /^(?:\/v\d+(?:beta\d*)?)?\/(?:chat\/completions|completions|embeddings|messages|chat|models\/[^/]+(?::\w+)?)?$/;

/** Reads a model; undefined where it cannot be used. */
export function readModel(section: Section, { keys, providers, id }: ModelScope): RouteModel | undefined {
  const model = section.text('name');
  const asked = section.text('provider');
  const provider = asked === undefined ? undefined : (findProvider(names.get(asked) ?? asked)?.name ?? undefined);
  if (model === undefined || model === '') section.refuse('name', 'Missing: the model to ask for.');
  if (asked === undefined) section.refuse('provider', 'Missing: whom to ask.');
  else if (provider === undefined)
    section.refuse('provider', `Unknown provider "${asked}".${didYouMean(asked, [...providerNames, ...names.keys()])}`);
  const rest = readRest(section);
  const secret = section.text('virtual_secret_name') ?? section.text('virtual_secret_key');
  if (secret !== undefined && !keys.has(secret))
    section.warn(
      'virtual_secret_name',
      `There is no secret "${secret}" in this document: the key comes from the environment.`,
    );
  section.finish(['name', 'provider', 'suffix', 'weight', 'fallback', 'fallback_enabled', 'fallback_codes', 'config']);
  if (model === undefined || asked === undefined || provider === undefined) return undefined;
  if (retired.test(model))
    section.reading.notes.warn(
      section.pathOf('name'),
      `"${model}" is shut down: Google will refuse it. Name a Gemini model, such as "gemini-2.5-flash".`,
    );
  const fields = { provider, ...providerFields(asked, providers), override_params: { model } };
  return { path: section.path, node: withKeys(fields, keys.of(asked, secret), { id, limit: rest.limit }), ...rest };
}

function readRest(section: Section) {
  const suffix = section.text('suffix');
  if (suffix !== undefined && !ownPaths.test(suffix))
    section.warn('suffix', 'Each call’s endpoint has its path at the provider: this one is not asked.');
  const config = section.section('config');
  const limit = perSecond(config);
  config?.finish(['rate_limit']);
  const isFallback = section.boolean('fallback') === true;
  const enabled = section.boolean('fallback_enabled') ?? section.boolean('fallbackenabled');
  const codes = statuses(section, section.has('fallbackcodes') ? 'fallbackcodes' : 'fallback_codes');
  return {
    limit,
    isFallback,
    weight: section.number('weight'),
    leadsOn: enabled === false ? undefined : (codes ?? (enabled === true ? [] : undefined)),
  };
}

/** `rate_limit` of a route or a model: requests a second; 0 is none. */
export function perSecond(config: Section | undefined): number | undefined {
  const requests = config?.number('rate_limit');
  return requests === undefined || requests === 0 ? undefined : requests;
}

function statuses(section: Section, key: string): readonly number[] | undefined {
  const given = section.any(key);
  if (given === undefined) return undefined;
  if (Array.isArray(given) && given.every((code) => Number.isInteger(code) && code >= 100 && code <= 599)) return given;
  section.refuse(key, 'Must be a list of HTTP statuses such as [429, 503].');
  return undefined;
}

function providerFields(name: string, providers: ReadonlyMap<string, Section>): JsonObject {
  const config = providers.get(name);
  const field = (theirs: string, ours: string): JsonObject => {
    const value = config?.line(theirs);
    return value === undefined || value === '' ? {} : { [ours]: value };
  };
  const isAzure = name === 'azureopenai' || findProvider(name)?.name === 'azure-openai';
  return {
    ...field('api_base', 'custom_host'),
    ...field('api_version', 'api_version'),
    ...field('deployment_name', isAzure ? 'azure_deployment_id' : 'deployment_name'),
    ...field('organization', 'openai_organization'),
  };
}

/** Several keys share the model's load, each with the rate to itself; a call that finds no room with any of them waits for it. */
function withKeys(
  fields: JsonObject,
  keys: readonly string[],
  { id, limit }: { readonly id: string; readonly limit: number | undefined },
): Config {
  const rate = (mode: 'enforce' | 'queue') =>
    limit === undefined ? {} : { rate_limit: { requests: limit, per: '1s', mode } };
  const [key, ...others] = keys;
  if (others.length > 0) return { id, ...fields, api_keys: keys.map((each) => ({ key: each, ...rate('queue') })) };
  return { id, ...fields, ...(key === undefined ? {} : { api_key: key }), ...rate('enforce') };
}
