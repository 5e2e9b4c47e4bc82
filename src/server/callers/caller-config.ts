import { maxDepth } from '../../config/bounds.ts';
import { providerFields } from '../../config/config.ts';
import { ConfigError, type ConfigIssue } from '../../core/errors/config-error.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { isIpAddress } from '../../providers/transport/private-address.ts';
import { isPrivateHost } from '../../providers/transport/public-hosts.ts';
import type { ServerSettings } from '../options.ts';

/** What a config that came with a request asks for beyond routing. */
export interface CallerConfigFacts {
  /** It names virtual keys of the server. */
  readonly namesKeys: boolean;
  /** It says where to send requests. */
  readonly namesHosts: boolean;
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
 * regular expressions, and its keys together with an address of the caller's.
 */
export function checkCallerConfig(config: unknown, rules: CallerRules): CallerConfigFacts {
  const issues: ConfigIssue[] = [];
  const facts = { namesKeys: false, namesHosts: false };
  walk(config, '$', { rules, issues, facts, depth: 1 });
  if (facts.namesKeys && facts.namesHosts) {
    const message =
      "Names virtual keys of the server and hosts at once. The server's keys go to their providers' own addresses alone.";
    issues.push({ path: '$', message });
  }
  if (issues.length > 0) throw new ConfigError(issues, 'This server does not accept the config of this request');
  return facts;
}

interface Walk {
  readonly rules: CallerRules;
  readonly issues: ConfigIssue[];
  readonly facts: { namesKeys: boolean; namesHosts: boolean };
  readonly depth: number;
}

function walk(node: unknown, path: string, state: Walk): void {
  // Deeper configs are refused when they are compiled.
  if (!isJsonObject(node) || state.depth > maxDepth) return;
  for (const [key, value] of Object.entries(node)) {
    const check = checks[fold(key)];
    const message = check?.(value, state);
    if (message !== undefined) state.issues.push({ path: `${path}.${key}`, message });
  }
  for (const [key, children] of Object.entries(node)) {
    if ((key !== 'targets' && key !== 'options') || !Array.isArray(children)) continue;
    children.forEach((child, index) => {
      walk(child, `${path}.${key}[${index}]`, { ...state, depth: state.depth + 1 });
    });
  }
}

/** Says what is wrong with the value of a key, and notes what it asks for. */
type Check = (value: unknown, state: Walk) => string | undefined;

/** By key without `_` and case: a config may be spelled either way. */
const checks: Readonly<Record<string, Check | undefined>> = Object.assign(Object.create(null), {
  ...Object.fromEntries(providerFields.map((field) => [fold(field), checkField])),
  customhost: checkHost,
  virtualkey: checkKeyName,
  provider: (value, state) => (isSlug(value) ? checkKeyName(value, state) : undefined),
  overrideparams: checkParams,
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

/** Fields that hold an address are addresses; others become part of one, or of a header. */
function checkField(value: unknown, state: Walk): string | undefined {
  if (typeof value !== 'string') return undefined;
  return value.includes('://') ? checkHost(value, state) : undefined;
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
  if (isPrivateHost(hostname)) return `${hostname} is a private address, which configs of requests cannot reach.`;
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
