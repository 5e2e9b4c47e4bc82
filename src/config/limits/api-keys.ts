import { childrenOf, withChildren } from '../children.ts';
import type { Config, Cooldown } from '../config.ts';
import type { ApiKey } from './limit-config.ts';

/**
 * For keys that no `cooldown` above looks after: a key that is refused does not get better in seconds. What else fails is the provider's
 * doing, whichever key asks, and a key out of requests says itself when to come back.
 */
const keyCooldown: Cooldown = { allowed_fails: 10_000, auth_time: 600 };

/** A copy of a checked config in which every target with `api_keys` is a loadbalance over one target per key. A config without any is returned as it is. */
export function withApiKeys(config: Config): Config {
  return hasApiKeys(config) ? expanded(config, false) : config;
}

function hasApiKeys(node: Config): boolean {
  return node.api_keys !== undefined || childrenOf(node).some(hasApiKeys);
}

function expanded(node: Config, cooledAbove: boolean): Config {
  const cools =
    cooledAbove ||
    node.cooldown !== undefined ||
    node.cb_config !== undefined ||
    node.strategy?.cb_config !== undefined;
  const { api_keys, ...rest } = node;
  if (api_keys === undefined) return withChildren(node, (child) => expanded(child, cools));
  const [ofNode, ofKeys] = divided(rest);
  return {
    ...ofNode,
    ...(cools ? {} : { cooldown: keyCooldown }),
    strategy: { mode: 'loadbalance', algorithm: 'rate_limit_aware', failover: true },
    targets: api_keys.map((entry) => ({ ...ofKeys, ...toTarget(entry) })),
  };
}

/** What a node with targets may hold, and what says whom to ask. Params, retries and the like come down by themselves. */
const nodeKeys: ReadonlySet<string> = new Set([
  'id',
  'name',
  'weight',
  'on_errors',
  'override_params',
  'default_params',
  'drop_params',
  'forward_headers',
  'retry',
  'cache',
  'budget',
  'on_exhausted',
  'cooldown',
  'cb_config',
  'rate_limit',
  'rpm',
  'tpm',
  'rps',
  'quota_group',
  'queue',
  'request_timeout',
  'total_timeout',
  'first_token_timeout',
  'idle_timeout',
  'strict_open_ai_compliance',
  'strict_params',
]);

function divided(node: Config): readonly [Config, Config] {
  const entries = Object.entries(node);
  return [
    Object.fromEntries(entries.filter(([key]) => nodeKeys.has(key))),
    Object.fromEntries(entries.filter(([key]) => !nodeKeys.has(key))),
  ];
}

function toTarget(entry: string | ApiKey): Config {
  if (typeof entry === 'string') return { api_key: entry };
  const { key, ...limits } = entry;
  return { api_key: key, ...limits };
}
