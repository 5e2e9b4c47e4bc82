import type { SharedConfig } from './clients.ts';

/** Half of the load to an Anthropic model, half to OpenAI with Azure to fall back on: the tree of Portkey's cookbook. */
export function cookbookTree(upstream: string): SharedConfig {
  return halves(upstream, {
    provider: 'anthropic',
    api_key: 'sk-ant-bench',
    custom_host: `${upstream}/v1`,
    override_params: { model: 'claude-3-opus-20240229', max_tokens: 200 },
  });
}

/** The same tree, with nothing to translate: all three targets speak OpenAI's wire format. */
export function plainTree(upstream: string): SharedConfig {
  return halves(upstream, { ...openai(`${upstream}/v1`), override_params: { model: 'gpt-4o', max_tokens: 200 } });
}

/** {@link plainTree} with everything that guards targets, generous enough never to refuse: cooldown, limits of requests, tokens and concurrency, a queue. */
export function guardedTree(upstream: string): SharedConfig {
  const limits = {
    rate_limit: [
      { requests: 1_000_000_000, per: '1m' },
      { tokens: 1_000_000_000_000, per: '1m' },
    ],
    max_concurrency: 1000,
  };
  const { targets = [], ...node } = plainTree(upstream) as { readonly targets?: readonly object[] };
  const guarded = (target: object): object =>
    'targets' in target && Array.isArray(target.targets)
      ? { ...target, targets: target.targets.map(guarded) }
      : { ...target, ...limits };
  return { ...node, cooldown: {}, queue: {}, rpm: 1_000_000_000, targets: targets.map(guarded) };
}

/** Ten keys of one provider with a limit each, behind one queue. */
export function keyedTree(upstream: string): SharedConfig {
  return {
    provider: 'openai',
    custom_host: `${upstream}/v1`,
    queue: {},
    api_keys: Array.from({ length: 10 }, (_, index) => ({
      key: `sk-bench-${index}`,
      rate_limit: { requests: 1_000_000_000, per: '1s' },
    })),
  };
}

/** A first target that always answers 500, and a second one that works. */
export function failingFirst(upstream: string): SharedConfig {
  return {
    strategy: { mode: 'fallback' },
    targets: [openai(`${upstream}/fail/v1`), openai(`${upstream}/v1`)],
  };
}

function halves(upstream: string, first: object): SharedConfig {
  return {
    strategy: { mode: 'loadbalance' },
    targets: [
      { ...first, weight: 0.5 },
      { strategy: { mode: 'fallback' }, targets: [openai(`${upstream}/v1`), azure(upstream)], weight: 0.5 },
    ],
  };
}

function openai(customHost: string) {
  return { provider: 'openai', api_key: 'sk-bench', custom_host: customHost };
}

function azure(upstream: string) {
  return {
    provider: 'azure-openai',
    api_key: 'az-bench',
    azure_resource_name: 'bench',
    azure_deployment_id: 'bench',
    azure_api_version: '2024-10-21',
    azure_model_name: 'gpt-4o-mini',
    custom_host: `${upstream}/openai`,
  };
}
