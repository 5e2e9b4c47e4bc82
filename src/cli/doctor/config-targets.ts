import type { Config } from '../../config/config.ts';
import { fieldsOf } from '../../config/own-credentials.ts';
import { providerDirectory } from '../../config/vaults.ts';
import { Credentials } from '../../core/credentials.ts';
import { toSettings } from '../../core/settings.ts';
import { findProvider } from '../../providers/hosts/index.ts';
import { type Environment, envVault } from '../../vault/env.ts';
import type { Check } from './check.ts';
import { keyVariable } from './keys.ts';

/** A target of a config as a doctor sees it. */
export interface TargetCheck {
  readonly check: Check;
  /** Who is asked; undefined for a virtual key nobody here knows. */
  readonly credentials?: Credentials;
}

/** Does each target of a config know whom to ask, and have a key? `above`: the address that comes down from the parents. */
export async function checkTargets(
  config: Config,
  env: Environment,
  path = 'config',
  above: string | undefined = undefined,
): Promise<readonly TargetCheck[]> {
  const host = config.custom_host ?? above;
  const below = [
    ...(config.targets ?? []).map((target, index) => checkTargets(target, env, `${path}.targets[${index}]`, host)),
    ...Object.entries(config.model_groups ?? {}).map(([name, group]) =>
      checkTargets(group, env, `${path}.model_groups[${JSON.stringify(name)}]`, host),
    ),
  ];
  if (below.length === 0) return [await checkTarget(config, env, path, host)];
  return (await Promise.all(below)).flat();
}

async function checkTarget(
  node: Config,
  env: Environment,
  path: string,
  host: string | undefined,
): Promise<TargetCheck> {
  const name = node.name === undefined ? path : `${path} "${node.name}"`;
  const told = (status: Check['status'], detail: string): Check => ({ area: 'config', name, status, detail });
  const slug = node.virtual_key ?? (node.provider?.startsWith('@') ? node.provider.slice(1) : undefined);
  if (slug !== undefined) return virtualTarget(slug, env, told);
  const provider = findProvider(node.provider ?? '');
  if (provider === undefined) return { check: told('warning', 'leaves whom to ask to the options of the client') };
  const { settings } = toSettings(fieldsOf(node), provider.fieldPrefix);
  const credentials = new Credentials({
    provider: provider.name,
    settings: { ...settings, ...(host === undefined ? {} : { customHost: host }) },
  });
  return { check: told(...keyTold(node, provider.name, provider.needsKey !== false, env)), credentials };
}

function keyTold(node: Config, provider: string, needsKey: boolean, env: Environment): [Check['status'], string] {
  if (node.api_key !== undefined) return ['ok', `${provider}, key in the config`];
  const variable = keyVariable(provider, env);
  if (variable !== undefined) return ['ok', `${provider}, key in ${variable}`];
  if (!needsKey) return ['ok', `${provider}, needs no key`];
  const variables = findProvider(provider)?.env ?? [];
  // Some sign with fields, or get a token themselves.
  if (Object.keys(fieldsOf(node)).length > 0 || variables.length === 0) return ['note', `${provider}, no API key`];
  return ['failed', `${provider}, no key: give api_key, or set ${variables.join(' or ')}`];
}

async function virtualTarget(
  slug: string,
  env: Environment,
  told: (status: Check['status'], detail: string) => Check,
): Promise<TargetCheck> {
  const found = await Promise.resolve(envVault(env, providerDirectory).get(slug)).catch(() => undefined);
  if (found === undefined) return { check: told('note', `@${slug}, which is not in the environment`) };
  return { check: told('ok', `@${slug}, ${found.provider}`), credentials: found };
}
