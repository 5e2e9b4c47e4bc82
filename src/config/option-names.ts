import { didYouMean } from '../core/did-you-mean.ts';
import { ConfigError, type ConfigIssue } from '../core/errors/config-error.ts';
import { isJsonObject } from '../core/json.ts';
import type { CallOptions, PortkeyOptions } from './client-options.ts';
import { type ProviderField, providerFields } from './config.ts';

/** Options under their canonical names: provider fields under their config key. */
export type CanonicalOptions = { -readonly [Name in OptionName]?: PortkeyOptions[Name] } & {
  -readonly [Field in ProviderField]?: unknown;
};

type AliasName = 'virtual_key' | 'traceId';
type CamelField<Field extends string> = Field extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelField<Tail>>}`
  : Field;
type OptionName = Exclude<keyof PortkeyOptions, AliasName | CamelField<ProviderField>>;

const callNames: readonly (keyof CallOptions)[] = [
  'config',
  'provider',
  'virtualKey',
  'Authorization',
  'traceID',
  'spanId',
  'spanName',
  'parentSpanId',
  'metadata',
  'debug',
  'customHost',
  'forwardHeaders',
  'requestTimeout',
  'strictOpenAiCompliance',
  'cacheForceRefresh',
  'cacheNamespace',
  'tags',
  'region',
  'disableFallbacks',
  'priority',
];
/** What only the client takes, and who does it: what only this process does is refused with `baseURL`. */
const clientOptions = {
  apiKey: 'anywhere',
  baseURL: 'anywhere',
  configs: 'process',
  prompts: 'process',
  virtualKeys: 'process',
  vault: 'process',
  environment: 'process',
  store: 'process',
  guardrails: 'process',
  defaultInputGuardrails: 'anywhere',
  defaultOutputGuardrails: 'anywhere',
  beforeRequest: 'process',
  afterRequest: 'process',
  logs: 'process',
  shared: 'process',
  jobs: 'anywhere',
  prices: 'process',
  priceList: 'process',
  budgets: 'process',
  budgetStore: 'process',
  currencyRates: 'process',
  tokenizer: 'process',
  tracer: 'anywhere',
  fetch: 'anywhere',
  clock: 'anywhere',
  random: 'anywhere',
  dangerouslyAllowBrowser: 'anywhere',
} satisfies Partial<Record<keyof PortkeyOptions, 'anywhere' | 'process'>>;

/** What only a gateway does: accepted with `baseURL`. */
const gatewayNames = [
  'awsS3Bucket',
  'awsS3ObjectKey',
  'vertexStorageBucketName',
  'providerFileName',
  'providerModel',
  'calculateAudioDuration',
] as const;

/** Known to portkey-ai, without effect there too: what to use. */
const refused: Readonly<Record<string, string>> = {
  maxRetries: 'portkey-ai ignores it too; write "retry": { "attempts": n } in the config',
  timeout: 'portkey-ai ignores it too; use "requestTimeout" (ms), or "total_timeout" in the config',
};

/** Where options stand: on the client or on one call, in this process or before a gateway. */
export type OptionPlace = 'client' | 'call' | 'gateway' | 'gateway-call';

const inCall = [...callNames, ...providerFields];
const withGateway = Object.entries(clientOptions).flatMap(([name, who]) => (who === 'anywhere' ? name : []));

/** Options of a single call, under their canonical names. */
export const callOptionNames: readonly string[] = inCall;

const tables: Readonly<Record<OptionPlace, ReadonlyMap<string, string>>> = {
  client: table([...inCall, ...Object.keys(clientOptions)]),
  call: table(inCall),
  gateway: table([...inCall, ...gatewayNames, ...withGateway]),
  'gateway-call': table([...inCall, ...gatewayNames]),
};

function table(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(names.map((name) => [fold(name), name]));
}

/** `virtual_key`, `virtualKey`, `traceId` and `traceID` are one name each. */
function fold(key: string): string {
  return key.replaceAll('_', '').toLowerCase();
}

/** Is the option `name` among `given`, in whatever spelling? */
export function givesOption(given: object, name: keyof PortkeyOptions): boolean {
  const wanted = fold(name);
  return Object.entries(given).some(([key, value]) => value !== undefined && value !== null && fold(key) === wanted);
}

/** Reads options in any of Portkey's spellings. Throws one `ConfigError` that names every unknown, refused and twice-given option. */
export function readOptionNames(given: unknown, place: OptionPlace): CanonicalOptions {
  const where = place === 'client' || place === 'gateway' ? 'options' : 'params';
  if (given === undefined) return {};
  if (!isJsonObject(given)) throw invalid([{ path: where, message: 'Must be an object of options.' }]);
  const issues: ConfigIssue[] = [];
  const spelled = new Map<string, string>();
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue;
    const name = tables[place].get(fold(key));
    const problem = name === undefined ? whyUnknown(key, place) : givenTwice(spelled.get(name), key);
    if (problem !== undefined) issues.push({ path: `${where}.${key}`, message: problem });
    else if (name !== undefined) {
      spelled.set(name, key);
      result[name] = value;
    }
  }
  if (issues.length > 0) throw invalid(issues);
  return result as CanonicalOptions;
}

function invalid(issues: readonly ConfigIssue[]): ConfigError {
  return new ConfigError(issues, 'Invalid options');
}

function givenTwice(before: string | undefined, key: string): string | undefined {
  return before === undefined ? undefined : `Given twice, as "${before}" and as "${key}". Keep one.`;
}

function whyUnknown(key: string, place: OptionPlace): string {
  const name = fold(key);
  const reason = Object.entries(refused).find(([option]) => fold(option) === name);
  if (reason !== undefined) return `Not supported: ${reason[1]}.`;
  if (tables.gateway.has(name) && place !== 'gateway' && !tables.client.has(name))
    return 'Only a gateway does this: it needs "baseURL".';
  if (tables.client.has(name) && place === 'gateway')
    return 'Has no meaning with "baseURL": the gateway keeps configs and keys.';
  if (tables.client.has(name)) return 'Only the client takes this option, not a single call.';
  return `Unknown option.${didYouMean(key, tables[place].values())}`;
}
