import { defaultRetryStatusCodes } from '../../routing/middleware/index.ts';
import { type Config, providerFields, type Retry, type Strategy } from '../config.ts';
import type { Inherited } from '../inherit.ts';

/** What holds at a node with targets, in short sentences. */
export function nodeSettings(node: Config, strategy: Strategy | undefined): readonly string[] {
  const { mode = '', conditions: _conditions, default: _default, ...rest } = strategy ?? {};
  const { retry } = node;
  return [
    ...(retry?.scope === 'node' && retry.attempts > 0 ? [`picks again: ${retryText(retry)}`] : []),
    ...own(rest, new Set(['on_status_codes', 'on_errors'])).map((text) => `${mode}: ${text}`),
    ...own(node, new Set([...inheritable, ...structural])),
  ];
}

/** What holds at a target, inherited or its own, in short sentences. */
export function targetSettings(node: Config, inherited: Inherited): readonly string[] {
  const { retry, requestTimeoutMs, firstTokenTimeoutMs, idleTimeoutMs, cooldown, customHost } = inherited;
  const { model: _model, ...override } = inherited.overrideParams ?? {};
  const { model: _default, ...defaults } = inherited.defaultParams ?? {};
  return [
    ...(retry === undefined || retry.attempts === 0 ? [] : [`retry: ${retryText(retry)}`]),
    ...timeText('request_timeout', requestTimeoutMs),
    ...timeText('first_token_timeout', firstTokenTimeoutMs),
    ...timeText('idle_timeout', idleTimeoutMs),
    ...(cooldown === undefined ? [] : ['cooldown: taken out of use for a while after failures']),
    ...(customHost === undefined ? [] : [`custom_host: ${customHost}`]),
    ...listed('override_params', override),
    ...listed('default_params', defaults),
    ...(inherited.dropParams.length === 0 ? [] : [`drop_params: ${inherited.dropParams.join(', ')}`]),
    ...own(node, new Set([...inheritable, ...structural])),
  ];
}

/** Told by the tree itself, or never told: keys and fields of providers may be secrets. */
const structural: readonly string[] = [
  'strategy',
  'targets',
  'model_groups',
  'name',
  'weight',
  'on_errors',
  'provider',
  'virtual_key',
  'api_key',
  'api_keys',
  ...providerFields,
];

/** Told at the targets they come down to. */
const inheritable: readonly string[] = [
  'retry',
  'request_timeout',
  'first_token_timeout',
  'idle_timeout',
  'cooldown',
  'cb_config',
  'custom_host',
  'override_params',
  'default_params',
  'drop_params',
];

/** All other keys as they are written: cache, limits, budgets, and whatever else acts where it stands. */
function own(node: object, untold: ReadonlySet<string>): readonly string[] {
  return Object.entries(node).flatMap(([key, value]) =>
    untold.has(key) || value === undefined ? [] : [`${key}: ${shown(value)}`],
  );
}

function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function in code';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function listed(key: string, params: object): readonly string[] {
  return Object.keys(params).length === 0 ? [] : [`${key}: ${JSON.stringify(params)}`];
}

function timeText(key: string, ms: number | undefined): readonly string[] {
  return ms === undefined ? [] : [`${key}: ${ms} ms`];
}

function retryText({ attempts, on_status_codes, use_retry_after_header: heeds }: Retry): string {
  const codes = (on_status_codes ?? defaultRetryStatusCodes).join(', ');
  return `up to ${attempts} more on ${codes}${heeds ? ', waiting as long as the provider says' : ''}`;
}
