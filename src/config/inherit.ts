import type { JsonObject } from '../core/json.ts';
import type { QueuePolicy } from '../routing/middleware/index.ts';
import type { Config, Retry } from './config.ts';
import { type Hooks, inheritHooks, noHooks } from './guard/hook-entries.ts';
import { type CooldownSettings, cooldownSettings } from './health/cooldown-settings.ts';
import { toQueuePolicy } from './limits/queue-policy.ts';

/** What a node hands down to its children. */
export interface Inherited {
  readonly overrideParams: JsonObject | undefined;
  readonly defaultParams: JsonObject | undefined;
  readonly dropParams: readonly string[];
  /** Retries of each target below; `scope: 'node'` stays on its node. */
  readonly retry: Retry | undefined;
  readonly cooldown: CooldownSettings | undefined;
  readonly queue: QueuePolicy | undefined;
  readonly quotaGroup: string | undefined;
  readonly requestTimeoutMs: number | undefined;
  readonly firstTokenTimeoutMs: number | undefined;
  readonly idleTimeoutMs: number | undefined;
  readonly customHost: string | undefined;
  readonly forwardHeaders: readonly string[];
  readonly strictOpenAiCompliance: boolean | undefined;
  readonly strictParams: boolean;
  readonly hooks: Hooks;
}

/** What a root inherits when the client says nothing. */
export const nothingInherited: Inherited = {
  overrideParams: undefined,
  defaultParams: undefined,
  dropParams: [],
  retry: undefined,
  cooldown: undefined,
  queue: undefined,
  quotaGroup: undefined,
  requestTimeoutMs: undefined,
  firstTokenTimeoutMs: undefined,
  idleTimeoutMs: undefined,
  customHost: undefined,
  forwardHeaders: [],
  strictOpenAiCompliance: undefined,
  strictParams: false,
  hooks: noHooks,
};

/**
 * What holds at `node` below `parent`. Params merge shallowly, child over parent; `retry`, `cooldown` and `queue` are replaced whole; timeouts,
 * address, forwarded headers and strictness take the nearest; hooks are replaced, those of input and of output apart. Provider, keys, weight, strategy and provider fields
 * never come down; `cache` acts where it is written.
 */
export function inherit(parent: Inherited, node: Config): Inherited {
  return {
    overrideParams: merged(parent.overrideParams, node.override_params),
    defaultParams: merged(parent.defaultParams, node.default_params),
    dropParams:
      node.drop_params === undefined ? parent.dropParams : [...new Set([...parent.dropParams, ...node.drop_params])],
    retry: node.retry === undefined || node.retry.scope === 'node' ? parent.retry : node.retry,
    cooldown: nearestCooldown(node, parent.cooldown),
    queue: nearestQueue(node, parent.queue),
    quotaGroup: node.quota_group ?? parent.quotaGroup,
    requestTimeoutMs: nearestTimeout(node.request_timeout, parent.requestTimeoutMs),
    firstTokenTimeoutMs: nearestTimeout(node.first_token_timeout, parent.firstTokenTimeoutMs),
    idleTimeoutMs: nearestTimeout(node.idle_timeout, parent.idleTimeoutMs),
    customHost: node.custom_host ?? parent.customHost,
    forwardHeaders: node.forward_headers ?? parent.forwardHeaders,
    strictOpenAiCompliance: node.strict_open_ai_compliance ?? parent.strictOpenAiCompliance,
    strictParams: node.strict_params ?? parent.strictParams,
    hooks: inheritHooks(parent.hooks, node),
  };
}

function merged(parent: JsonObject | undefined, child: JsonObject | undefined): JsonObject | undefined {
  return parent === undefined || child === undefined ? (child ?? parent) : { ...parent, ...child };
}

function nearestCooldown(node: Config, parent: CooldownSettings | undefined): CooldownSettings | undefined {
  const own = cooldownSettings(node);
  return own === 'off' ? undefined : (own ?? parent);
}

function nearestQueue({ queue }: Config, parent: QueuePolicy | undefined): QueuePolicy | undefined {
  return queue === undefined ? parent : toQueuePolicy(queue);
}

/** 0 means inherit, as in Portkey. */
function nearestTimeout(own: number | undefined, parent: number | undefined): number | undefined {
  return own === undefined || own === 0 ? parent : own;
}
