import { maxDepth } from '../../config/bounds.ts';
import { type ProviderField, providerFields } from '../../config/config.ts';
import { ConfigError, type ConfigIssue } from '../../core/errors/config-error.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { isIpAddress } from '../../providers/transport/private-address.ts';
import { isPrivateHost } from '../../providers/transport/public-hosts.ts';
import type { ServerSettings } from '../options.ts';

/** What a config that came with a request asks for beyond routing. */
export interface CallerConfigFacts {
  /** It names virtual keys of the server. */
  readonly namesKeys: boolean;
  /** It says where to send requests: by a host, or by a provider's field that may become part of one. */
  readonly namesHosts: boolean;
  /** Paths of what names a target or a quota for all configs of a client. */
  readonly identities: readonly string[];
}

/** What holds for configs that come with requests. */
export interface CallerRules {
  readonly trust: ServerSettings['trust'];
  /** False where nobody can look at what a host's name leads to before connecting. */
  readonly seesWhereNamesLead: boolean;
}

/**
 * Looks through a config that came with a request, in whatever spelling. Throws `ConfigError` that lists everything the server does
 * not allow there: its virtual keys, private addresses, the identity of its machine, its own configs, caches shared with others,
 * what runs beside requests, regular expressions, schemas, and its keys together with an address of the caller's.
 */
export function checkCallerConfig(config: unknown, rules: CallerRules): CallerConfigFacts {
  const state: Walk = { rules, issues: [], facts: { namesKeys: false, namesHosts: false }, identities: [], depth: 1 };
  walk(config, '$', state);
  const facts = { ...state.facts, identities: state.identities };
  refuse([...state.issues, ...mixtures(facts)]);
  return facts;
}

/** Throws `ConfigError` for what a config may have, or name virtual keys of the server, but not both. */
export function checkMixture(facts: CallerConfigFacts): void {
  refuse(mixtures(facts));
}

function refuse(issues: readonly ConfigIssue[]): void {
  if (issues.length > 0) throw new ConfigError(issues, 'This server does not accept the config of this request');
}

function mixtures({ namesKeys, namesHosts, identities }: CallerConfigFacts): readonly ConfigIssue[] {
  if (!namesKeys) return [];
  const shared = identities.map((path) => ({ path, message: sharedIdentity }));
  return namesHosts ? [{ path: '$', message: keysAndHosts }, ...shared] : shared;
}

const keysAndHosts =
  "Names virtual keys of the server, and hosts or fields of a provider, at once. The server's keys go where the server says.";
const sharedIdentity = "Beside virtual keys of the server it would be the identity of one of the server's own targets.";

interface Walk {
  readonly rules: CallerRules;
  readonly issues: ConfigIssue[];
  readonly facts: { namesKeys: boolean; namesHosts: boolean };
  readonly identities: string[];
  readonly depth: number;
}

/** Looks into everything but parameters, also where no config has a key today: what is added to configs is then looked at too. */
function walk(node: unknown, path: string, state: Walk): void {
  if (typeof node !== 'object' || node === null || state.depth > maxDepth * 2) return;
  const below = { ...state, depth: state.depth + 1 };
  for (const [key, value] of Object.entries(node)) {
    const here = Array.isArray(node) ? `${path}[${key}]` : `${path}.${key}`;
    const name = Array.isArray(node) ? '' : fold(key);
    look(name, value, here, state);
    if (!opaqueKeys.has(name)) walk(value, here, below);
  }
}

function look(name: string, value: unknown, path: string, state: Walk): void {
  const message = (checks[name] ?? checkText)(value, state);
  if (message !== undefined) state.issues.push({ path, message });
  if (identityKeys.has(name)) state.identities.push(path);
  if (addressFields.has(name)) state.facts.namesHosts = true;
}

/** Fields that change neither where a request goes nor who pays for it. */
export const harmlessFields: ReadonlySet<ProviderField> = new Set<ProviderField>([
  'deployment_id',
  'api_version',
  'azure_deployment_id',
  'azure_api_version',
  'openai_beta',
  'anthropic_beta',
  'anthropic_version',
  'mistral_fim_completion',
]);
const addressFields: ReadonlySet<string> = new Set(
  providerFields.filter((field) => !harmlessFields.has(field)).map(fold),
);

const identityKeys: ReadonlySet<string> = new Set(['id', 'quotagroup']);

/** Not the gateway's to read: parameters of models, queries, what a provider issued. */
const opaqueKeys: ReadonlySet<string> = new Set([
  'overrideparams',
  'defaultparams',
  'query',
  'metadata',
  'vertexserviceaccountjson',
]);

/** Guardrails whose parameters say how long they take, folded. */
const costlyChecks: readonly string[] = ['regexmatch', 'regexreplace', 'jsonschema'].flatMap((id) => [
  id,
  `default.${id}`,
]);
const costly = 'Guardrails with patterns or schemas are accepted only in configs of the server.';

/** Says what is wrong with the value of a key, and notes what it asks for. */
type Check = (value: unknown, state: Walk) => string | undefined;

/** By key without `_` and case: a config may be spelled either way. */
const checks: Readonly<Record<string, Check | undefined>> = Object.assign(Object.create(null), {
  customhost: checkHost,
  virtualkey: checkKeyName,
  provider: (value, state) => (isSlug(value) ? checkKeyName(value, state) : undefined),
  overrideparams: checkParams,
  vertexserviceaccountjson: () => undefined,
  defaultparams: checkParams,
  ref: () => "Refers to a config of the server's. Send its ID as x-portkey-config instead.",
  azureauthmode: (value) => (value === 'managed' ? machineIdentity : undefined),
  vertexauthtype: (value) => (value === 'metadata' ? machineIdentity : undefined),
  authmode: (value) => (value === 'managed' ? machineIdentity : undefined),
  authtype: (value) => (value === 'metadata' ? machineIdentity : undefined),
  cache: (value) =>
    isJsonObject(value) && value.scope === 'shared'
      ? 'A cache with scope "shared" is the server\'s to set up.'
      : undefined,
  healthcheck: () => 'Health checks are made for configs of the server alone.',
  id: (value) => (typeof value === 'string' && costlyChecks.includes(fold(value)) ? costly : undefined),
  ...Object.fromEntries(costlyChecks.map((id) => [id, () => costly])),
  strategy: (value) =>
    holdsRegex(value) ? '"$regex" conditions are accepted only in configs of the server. Use $eq or $in.' : undefined,
} satisfies Record<string, Check>);

const machineIdentity = 'Asks for the identity of the machine this server runs on.';

function fold(key: string): string {
  return key.replaceAll('_', '').toLowerCase();
}

function isSlug(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('@');
}

function checkKeyName(_value: unknown, { rules, facts }: Walk): string | undefined {
  facts.namesKeys = true;
  if (rules.trust.virtualKeys === 'configs') return undefined;
  return 'Names a virtual key of the server, which configs of requests may not. Give your own api_key, or name the key in x-portkey-virtual-key.';
}

function checkParams(value: unknown, state: Walk): string | undefined {
  return isJsonObject(value) && isSlug(value.model) ? checkKeyName(value.model, state) : undefined;
}

/** What looks like an address is one, whatever it is for: a provider's field, a webhook. */
function checkText(value: unknown, state: Walk): string | undefined {
  return typeof value === 'string' && value.includes('://') ? checkHost(value, state) : undefined;
}

function checkHost(value: unknown, { rules, facts }: Walk): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value))
    return 'Must be a URL such as "https://models.example.com/v1".';
  facts.namesHosts = true;
  const { host, hostname } = new URL(value);
  const { customHosts } = rules.trust;
  if (customHosts === 'any') return undefined;
  if (customHosts === 'none') return 'This server sends requests to the addresses of providers alone.';
  if (typeof customHosts === 'object' && (customHosts.includes(host) || customHosts.includes(hostname)))
    return undefined;
  if (isPrivateHost(hostname))
    return `${hostname} is a private address, which configs of requests cannot reach. Whoever runs the server can allow the host.`;
  if (rules.seesWhereNamesLead || isIpAddress(hostname)) return undefined;
  return `This server cannot see where ${hostname} leads. Whoever runs it can allow the host.`;
}

function holdsRegex(strategy: unknown): boolean {
  return isJsonObject(strategy) && Array.isArray(strategy.conditions) && strategy.conditions.some(hasRegex);
}

function hasRegex(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasRegex);
  if (!isJsonObject(value)) return false;
  return '$regex' in value || Object.values(value as JsonObject).some(hasRegex);
}
