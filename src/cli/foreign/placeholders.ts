import { childrenOf, withChildren } from '../../config/children.ts';
import type { Config } from '../../config/config.ts';
import { isJsonObject } from '../../core/json.ts';
import { findProvider } from '../../providers/hosts/index.ts';
import type { Environment } from '../../vault/env.ts';

const secretName = /KEY|TOKEN|SECRET|PASSW|CREDENTIAL|SERVICE_ACCOUNT/i;
const addressName = /URL|BASE|HOST|ENDPOINT/i;

/**
 * An environment in which every secret reads as `<NAME>`, whether it is set or not, so that a document can be read on a machine without keys and
 * no key gets into what is made of it. `text`: the document, whose `os.environ/NAME` say what it asks for.
 */
export function placeholderEnvironment(text: string, env: Environment): Environment {
  const asked = [...text.matchAll(/os\.environ\/(\w+)/g)].map(([, name]) => name ?? '');
  const names = new Set([...asked, ...Object.keys(env).filter((name) => env[name] !== undefined)]);
  return Object.fromEntries([...names].map((name) => [name, standIn(name, env[name])]));
}

function standIn(name: string, value: string | undefined): string {
  if (secretName.test(name)) return `<${name}>`;
  if (value !== undefined) return value;
  return addressName.test(name) ? `https://${name.toLowerCase().replaceAll('_', '-')}.invalid` : `<${name}>`;
}

/** A virtual key that a config asks for in place of a variable. */
export interface WantedKey {
  readonly slug: string;
  readonly provider: string;
  readonly variable: string;
}

/** A config without placeholders of keys. */
export interface Keyless {
  readonly config: Config;
  readonly wanted: readonly WantedKey[];
}

/** Keys and fields that a provider's own variables bring are left out; any other key becomes a virtual key named after its variable. */
export function withoutPlaceholders(config: Config): Keyless {
  const wanted = new Map<string, WantedKey>();
  const change = (node: Config): Config => {
    if (childrenOf(node).length > 0) return withChildren(node, change);
    const { api_key: key, provider = '', ...rest } = withoutOwnFields(node);
    const variable = variableOf(key);
    if (variable === undefined) return withoutOwnFields(node);
    if (findProvider(provider)?.env.includes(variable)) return { provider, ...rest };
    const slug = slugFor(variable, provider, wanted);
    wanted.set(slug, { slug, provider, variable });
    return { virtual_key: slug, ...rest };
  };
  return { config: change(config), wanted: [...wanted.values()] };
}

function withoutOwnFields(node: Config): Config {
  const own = Object.values(findProvider(node.provider ?? '')?.envSettings ?? {}).flat();
  const isOwn = (value: unknown) => own.includes(variableOf(value) ?? '');
  return Object.fromEntries(Object.entries(node).filter(([key, value]) => key === 'api_key' || !isOwn(value)));
}

function variableOf(value: unknown): string | undefined {
  return typeof value === 'string' ? /^<(\w+)>$/.exec(value)?.[1] : undefined;
}

/** Where values of variables that were not known still have to be put, as paths with what stands there. */
export function openPlaces(value: unknown, path = '$'): readonly (readonly [path: string, text: string])[] {
  if (typeof value === 'string') return /^<\w+>$|^https:\/\/[a-z\d-]+\.invalid$/.test(value) ? [[path, value]] : [];
  if (Array.isArray(value)) return value.flatMap((item, index) => openPlaces(item, `${path}[${index}]`));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => openPlaces(member, `${path}${step(key)}`));
}

function step(key: string): string {
  return /^\w+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** One variable may hold a key that two providers take. */
function slugFor(variable: string, provider: string, wanted: ReadonlyMap<string, WantedKey>): string {
  const slug = variable.toLowerCase().replaceAll('_', '-');
  const other = wanted.get(slug);
  return other === undefined || other.provider === provider ? slug : `${slug}-${provider}`;
}
