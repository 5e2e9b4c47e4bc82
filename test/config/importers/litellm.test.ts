import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/core/errors/config-error.ts';
import { fromLiteLLM } from '../../../src/import.ts';
import { Portkey } from '../../../src/portkey.ts';

const environment = { OPENAI_API_KEY: 'sk-env', AZURE_API_KEY: 'az-env', SOME_KEY: 'found', COUNT: '7' };

/** A deployment of `model` in the group `name`. */
function deployment(model: string, params: object = {}, more: object = {}, name = 'm') {
  return { model_name: name, litellm_params: { model, api_key: 'k', ...params }, ...more };
}

function imported(document: object) {
  return fromLiteLLM(document, { environment });
}

/** The targets of the group `m`, and what was warned of. */
function targets(...model_list: object[]) {
  const { config, warnings } = imported({ model_list });
  return {
    targets: config.model_groups?.m?.targets,
    warnings: warnings.map(({ path, message }) => `${path}: ${message}`),
  };
}

function issuesOf(document: unknown): readonly string[] {
  try {
    fromLiteLLM(document, { environment });
  } catch (error) {
    if (error instanceof ConfigError) return error.issues.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

describe('whom a model asks', () => {
  it.each<[string, string, string]>([
    ['azure/my-deployment', 'azure-openai', 'my-deployment'],
    ['azure/o_series/my-o3', 'azure-openai', 'my-o3'],
    ['azure_ai/Llama-3', 'azure-ai', 'Llama-3'],
    ['bedrock/anthropic.claude-3', 'bedrock', 'anthropic.claude-3'],
    ['bedrock/converse/us.amazon.nova', 'bedrock', 'us.amazon.nova'],
    ['vertex_ai/gemini-pro', 'vertex-ai', 'gemini-pro'],
    ['vertex_ai_beta/gemini-pro', 'vertex-ai', 'gemini-pro'],
    ['gemini/gemini-2.5-flash', 'google', 'gemini-2.5-flash'],
    ['huggingface/HuggingFaceH4/zephyr-7b-beta', 'huggingface', 'HuggingFaceH4/zephyr-7b-beta'],
    ['huggingface/together/deepseek-ai/DeepSeek-R1', 'huggingface', 'deepseek-ai/DeepSeek-R1:together'],
    ['anthropic/claude-3', 'anthropic', 'claude-3'],
    ['mistral/mistral-large', 'mistral-ai', 'mistral-large'],
    ['groq/llama3', 'groq', 'llama3'],
    ['together_ai/meta-llama/Llama-3', 'together-ai', 'meta-llama/Llama-3'],
    ['openrouter/anthropic/claude-3', 'openrouter', 'anthropic/claude-3'],
    ['deepseek/deepseek-chat', 'deepseek', 'deepseek-chat'],
    ['ollama/llama2', 'ollama', 'llama2'],
    ['ollama_chat/llama2', 'ollama', 'llama2'],
    ['cohere/command-r', 'cohere', 'command-r'],
    ['cohere_chat/command-r', 'cohere', 'command-r'],
    ['fireworks_ai/llama-v3', 'fireworks-ai', 'accounts/fireworks/models/llama-v3'],
    ['fireworks_ai/accounts/x/models/y', 'fireworks-ai', 'accounts/x/models/y'],
    ['perplexity/sonar', 'perplexity-ai', 'sonar'],
    ['xai/grok-4', 'x-ai', 'grok-4'],
    ['hosted_vllm/facebook/opt', 'vllm', 'facebook/opt'],
    ['nvidia_nim/meta/llama3', 'nvidia-nim', 'meta/llama3'],
    ['text-completion-openai/gpt-3.5-turbo-instruct', 'openai', 'gpt-3.5-turbo-instruct'],
    ['openai/some/thing', 'openai', 'some/thing'],
    ['gpt-4o', 'openai', 'gpt-4o'],
    ['o3-mini', 'openai', 'o3-mini'],
    ['text-embedding-3-small', 'openai', 'text-embedding-3-small'],
    ['ft:gpt-3.5-turbo:org', 'openai', 'ft:gpt-3.5-turbo:org'],
    ['claude-3-opus', 'anthropic', 'claude-3-opus'],
    ['gemini-pro', 'google', 'gemini-pro'],
    ['command-r-plus', 'cohere', 'command-r-plus'],
    ['anthropic.claude-3-sonnet', 'bedrock', 'anthropic.claude-3-sonnet'],
  ])('%s asks %s for %s', (model, provider, asked) => {
    const [target] = targets(deployment(model)).targets ?? [];
    expect(target).toMatchObject({ provider, override_params: { model: asked }, name: model });
  });

  it('every model stands for the providers whose keys are there', () => {
    const document = {
      model_list: [
        { model_name: '*', litellm_params: { model: '*', temperature: 0 } },
        deployment('groq/llama', {}, {}, 'openai/*'),
        deployment('opnai/x'),
      ],
    };
    // Paths are those of the document.
    expect(issuesOf(document).join()).toContain('$.model_list[2].litellm_params.model: Unknown provider "opnai".');
    const { config, warnings } = fromLiteLLM(
      { model_list: document.model_list.slice(0, 2) },
      { environment: { OPENAI_API_KEY: 'a', GEMINI_API_KEY: 'b' } },
    );
    expect(warnings).toEqual([
      { path: '$.model_list[0]', message: 'Serves the providers whose keys the environment holds: openai, google.' },
    ]);
    expect(Object.keys(config.model_groups ?? {})).toEqual(
      expect.arrayContaining(['gpt-*', 'o3*', 'gemini/*', 'google/*', 'gemini-*']),
    );
    expect(config.model_groups?.['openai/*']?.targets).toMatchObject([{ provider: 'groq' }]);
    expect(config.model_groups?.['gpt-*']?.targets).toMatchObject([
      { provider: 'openai', api_key: 'a', override_params: { model: 'gpt-*' }, default_params: { temperature: 0 } },
    ]);
    expect(
      issuesOf({ model_list: [{ model_name: '*', litellm_params: { model: '*' } }], environment_variables: {} }).length,
    ).toBe(0);
  });

  it('a region may stand in a name', () => {
    const [target] = targets(deployment('bedrock/eu-west-1/anthropic.claude-v2')).targets ?? [];
    expect(target).toMatchObject({ aws_region: 'eu-west-1', override_params: { model: 'anthropic.claude-v2' } });
  });

  it.each<[object, string]>([
    [
      deployment('opnai/gpt-4'),
      '$.model_list[0].litellm_params.model: Unknown provider "opnai". Did you mean "openai"?',
    ],
    [
      deployment('my-own-model'),
      '$.model_list[0].litellm_params.model: Nobody is known to serve "my-own-model". Write the provider before it',
    ],
    [deployment('constructor/x'), '$.model_list[0].litellm_params.model: Unknown provider "constructor".'],
    [
      deployment('litellm_proxy/gpt-4'),
      '$.model_list[0].litellm_params.api_base: Missing: nobody knows the address of this server.',
    ],
    [deployment('gpt-4', { api_base: 'not a url' }), '$.model_list[0].litellm_params.api_base: Must be a URL'],
    [
      deployment('gpt-4', { mock_response: 'hi' }),
      '$.model_list[0].litellm_params.mock_response: No answer is made up here',
    ],
    [deployment('gpt-4', { rpm: 'many' }), '$.model_list[0].litellm_params.rpm: Must be a number of at least 0.'],
    [
      deployment('gpt-4', { litellm_credential_name: 'x' }),
      '$.model_list[0].litellm_params.litellm_credential_name: There is no credential "x"',
    ],
    [
      deployment('vertex_ai/x', { vertex_credentials: '/file.json' }),
      '$.model_list[0].litellm_params.vertex_credentials: Give the JSON of the service account itself',
    ],
    [{ model_name: 'm' }, '$.model_list[0].litellm_params: Missing'],
    [{ litellm_params: { model: 'gpt-4' } }, '$.model_list[0].model_name: Missing'],
    [{ model_name: 'm', litellm_params: {} }, '$.model_list[0].litellm_params.model: Missing'],
  ])('%j is refused', (entry, issue) => {
    expect(issuesOf({ model_list: [entry] }).join('\n')).toContain(issue);
  });

  it('everything wrong is said at once', () => {
    const model_list = [deployment('opnai/x'), deployment('gpt-4', { api_key: 'os.environ/NOPE' })];
    expect(issuesOf({ model_list, routing_strategy: 'simple-shufle', fallbacks: [{ m: ['zz'] }] })).toEqual([
      '$.routing_strategy: Unknown. Did you mean "simple-shuffle"?',
      expect.stringContaining('$.model_list[0].litellm_params.model: Unknown provider "opnai".'),
      '$.model_list[1].litellm_params.api_key: The environment variable NOPE is not set.',
      '$.fallbacks[0]["m"][0]: There is no model "zz" in this document.',
    ]);
  });
});

describe('keys and addresses', () => {
  it.each<[string, object, object]>([
    ['a key of its own', deployment('gpt-4', { api_key: 'sk-own' }), { api_key: 'sk-own' }],
    ['a variable', deployment('gpt-4', { api_key: 'os.environ/SOME_KEY' }), { api_key: 'found' }],
    ['none: the provider’s variable', deployment('gpt-4', { api_key: '' }), { api_key: 'sk-env' }],
    ['null: the provider’s variable', deployment('azure/x', { api_key: null }), { api_key: 'az-env' }],
    [
      'an Azure resource',
      deployment('azure/x', { api_base: 'https://my-res.openai.azure.com/' }),
      { azure_resource_name: 'my-res' },
    ],
    [
      'an Azure address of another kind',
      deployment('azure/x', { api_base: 'https://gw.test/az' }),
      { custom_host: 'https://gw.test/az' },
    ],
    [
      'Azure’s version, which is no date',
      deployment('azure/x', { api_version: '2024-02-01' }),
      { azure_api_version: '2024-02-01' },
    ],
    [
      'an address',
      deployment('groq/x', { api_base: 'http://groq.test/v1' }),
      { provider: 'groq', custom_host: 'http://groq.test/v1' },
    ],
    ['base_url', deployment('groq/x', { base_url: 'http://groq.test/v1' }), { custom_host: 'http://groq.test/v1' }],
    [
      'a server without key',
      deployment('groq/x', { api_key: '', api_base: 'http://l.test' }),
      { provider: 'openai-compatible', custom_host: 'http://l.test' },
    ],
    ['one organization', deployment('gpt-4', { organization: 'org-1' }), { openai_organization: 'org-1' }],
    [
      'Entra ID',
      deployment('azure/x', { tenant_id: 't', client_id: 'c', client_secret: 's' }),
      { azure_entra_tenant_id: 't', azure_entra_client_id: 'c', azure_entra_client_secret: 's' },
    ],
    [
      'Vertex AI',
      deployment('vertex_ai/x', { vertex_project: 'p', vertex_location: 'l', vertex_credentials: '{"a":1}' }),
      { vertex_project_id: 'p', vertex_region: 'l', vertex_service_account_json: '{"a":1}' },
    ],
  ])('%s', (_, entry, expected) => {
    const [target] = targets(entry).targets ?? [];
    expect(target).toMatchObject(expected);
  });

  it('no key anywhere is no mistake, but said', () => {
    const { warnings } = fromLiteLLM({ model_list: [deployment('gpt-4', { api_key: '' })] }, { environment: {} });
    expect(warnings).toEqual([
      {
        path: '$.model_list[0].litellm_params.api_key',
        message: 'No key: neither here nor in OPENAI_API_KEY. OpenAI will refuse.',
      },
    ]);
  });

  it('several organizations are several deployments', () => {
    const { targets: all } = targets(deployment('gpt-4', { organization: ['a', 'b'] }, { model_info: { id: 'x' } }));
    expect(all?.map(({ id, openai_organization }) => [id, openai_organization])).toEqual([
      ['x', 'a'],
      ['x-2', 'b'],
    ]);
  });

  it('variables of the document’s own come first, and may name others', () => {
    const { config, warnings } = imported({
      environment_variables: { SOME_KEY: 'own', OTHER: 'os.environ/COUNT', UNUSED: 1 },
      model_list: [deployment('gpt-4', { api_key: 'os.environ/SOME_KEY', rpm: 'os.environ/OTHER' })],
    });
    expect(config.model_groups?.m?.targets?.[0]).toMatchObject({ api_key: 'own', rate_limit: [{ requests: 7 }] });
    expect(warnings.map(({ path }) => path)).toEqual(['$.environment_variables.UNUSED']);
  });

  it('a deployment’s parameters lose to the request’s, unknown ones too, which are warned of', () => {
    const { targets: all, warnings } = targets(
      deployment('gpt-4', { temperature: 0, extra_body: { a: 1 }, brand_new: true }),
    );
    expect(all?.[0]?.default_params).toEqual({ a: 1, temperature: 0, brand_new: true });
    expect(warnings).toEqual([
      '$.model_list[0].litellm_params.brand_new: Not known: handed on with every request, as a parameter of the provider.',
    ]);
  });
});

describe('how deployments share', () => {
  const steer = { per: '1m', mode: 'steer' };
  const enforce = { per: '1m', mode: 'enforce' };

  it.each<[string, object, object]>([
    ['simple-shuffle', { algorithm: 'weighted', weight_by: 'rpm', failover: true }, [{ requests: 6, ...steer }]],
    ['least-busy', { algorithm: 'least_busy', failover: true }, [{ requests: 6, ...steer }]],
    ['usage-based-routing', { algorithm: 'usage', failover: true }, [{ requests: 6, ...enforce }]],
    ['usage-based-routing-v2', { algorithm: 'usage', failover: true }, [{ requests: 6, ...enforce }]],
    ['latency-based-routing', { algorithm: 'latency', failover: true }, [{ requests: 6, ...enforce }]],
    ['cost-based-routing', { algorithm: 'cost', failover: true }, [{ requests: 6, ...enforce }]],
  ])('%s', (routing_strategy, strategy, rate_limit) => {
    const { config } = imported({ model_list: [deployment('gpt-4', { rpm: 6 })], routing_strategy });
    expect(config.model_groups?.m).toMatchObject({
      strategy: { mode: 'loadbalance', ...strategy },
      targets: [{ rate_limit }],
    });
  });

  it.each<[string, object]>([
    ['enable_pre_call_checks', { enable_pre_call_checks: true }],
    ['enforce_model_rate_limits', { optional_pre_call_checks: ['enforce_model_rate_limits'] }],
  ])('%s makes rates refuse, whatever the strategy', (_, settings) => {
    const { config } = imported({ model_list: [deployment('gpt-4', { rpm: 6 })], ...settings });
    expect(config.model_groups?.m?.targets?.[0]?.rate_limit).toEqual([{ requests: 6, ...enforce }]);
    expect(config.queue).toEqual({});
  });

  it('rates are read beside the params, then in them, then in model_info', () => {
    const { targets: all, warnings } = targets(
      deployment('gpt-4', { rpm: 2, tpm: 20 }, { rpm: 1, model_info: { rpm: 3, tpm: 30, itpm: 40 } }),
    );
    expect(all?.[0]?.rate_limit).toEqual([
      { requests: 1, ...steer },
      { tokens: 20, ...steer },
      { input_tokens: 40, ...enforce },
    ]);
    expect(warnings).toEqual([
      '$.model_list[0].litellm_params.rpm: Overruled by $.model_list[0].rpm.',
      '$.model_list[0].model_info.rpm: Overruled by $.model_list[0].rpm.',
      '$.model_list[0].model_info.tpm: Overruled by $.model_list[0].litellm_params.tpm.',
    ]);
  });

  it('Azure grants six requests for every thousand tokens', () => {
    const { targets: all } = targets(deployment('azure/x', { tpm: 2500 }), deployment('azure/y', { tpm: 10 }));
    expect(all?.map(({ rate_limit }) => rate_limit)).toEqual([
      [
        { requests: 15, ...steer },
        { tokens: 2500, ...steer },
      ],
      [
        { requests: 1, ...steer },
        { tokens: 10, ...steer },
      ],
    ]);
  });

  it('weights beat rates; one without weight is not picked', () => {
    const { targets: all, warnings } = targets(
      deployment('gpt-4', { weight: 3, rpm: 5 }),
      deployment('gpt-4o', { rpm: 5 }),
    );
    expect(all?.map(({ weight }) => weight)).toEqual([3, 0]);
    expect(warnings).toEqual([
      '$.model_list[1]: Without "weight" beside deployments that have one it is never picked.',
    ]);
  });

  it('one without rpm beside one that has it is not picked', () => {
    const { config, warnings } = imported({
      model_list: [deployment('gpt-4', { rpm: 5 }), deployment('gpt-4o', { tpm: 5 })],
    });
    expect(config.model_groups?.m?.strategy).toMatchObject({ weight_by: 'rpm' });
    expect(config.model_groups?.m?.targets?.map(({ weight }) => weight)).toEqual([undefined, 0]);
    expect(warnings.map(({ path }) => path)).toEqual(['$.model_list[1]']);
  });

  it('orders are tiers, the lowest first, those without one last; no lone tier is exempt from cooling', () => {
    const { config } = imported({
      model_list: [deployment('gpt-4', { order: 2 }), deployment('gpt-4o', { order: 1 }), deployment('gpt-4.1')],
      num_retries: 2,
    });
    const group = config.model_groups?.m;
    expect(group?.strategy?.mode).toBe('fallback');
    expect(group?.cooldown).toMatchObject({ exempt_single: false });
    expect(group?.targets?.map(({ targets: tier, retry }) => [tier?.[0]?.name, retry?.attempts])).toEqual([
      ['gpt-4o', 2],
      ['gpt-4', 2],
      ['gpt-4.1', 2],
    ]);
  });

  it('affinity keeps a session with its deployment', () => {
    const { config } = imported({
      model_list: [deployment('gpt-4')],
      optional_pre_call_checks: ['session_affinity'],
      deployment_affinity_ttl_seconds: 60,
    });
    expect(config.model_groups?.m?.strategy).toMatchObject({
      algorithm: 'sticky',
      sticky: { hash_fields: ['metadata.session_id', 'metadata.litellm_session_id'], ttl: 60 },
    });
  });

  it('groups of models may have a strategy of their own', () => {
    const { config } = imported({
      model_list: [deployment('gpt-4'), deployment('gpt-4', {}, {}, 'n')],
      routing_strategy: 'least-busy',
      routing_groups: [{ models: ['n'], routing_strategy: 'latency-based-routing' }],
    });
    expect(Object.values(config.model_groups ?? {}).map(({ strategy }) => strategy?.algorithm)).toEqual([
      'least_busy',
      'latency',
    ]);
  });
});

describe('reliability', () => {
  const one = [deployment('gpt-4')];

  it.each<[string, object, object]>([
    [
      'nothing said: cools after 3 failures a minute, for a minute',
      {},
      { cooldown: { allowed_fails: 3, window: 60, time: 60, exempt_single: true } },
    ],
    ['own numbers', { allowed_fails: 1, cooldown_time: 30 }, { cooldown: { allowed_fails: 1, window: 60, time: 30 } }],
    [
      'policy',
      { allowed_fails_policy: { RateLimitErrorAllowedFails: 100 } },
      { cooldown: { per_error: { rate_limit: 100 } } },
    ],
    ['timeout is all of a call, in ms', { timeout: 30 }, { total_timeout: 30_000 }],
    ['request_timeout is one attempt', { litellm_settings: { request_timeout: 10 } }, { request_timeout: 10_000 }],
    ['stream_timeout is the first token', { stream_timeout: 2 }, { first_token_timeout: 2000 }],
    ['drop_params false', { litellm_settings: { drop_params: false } }, { strict_params: true }],
    ['drop_params', { litellm_settings: { drop_params: true } }, { strict_params: false }],
    ['max_fallbacks', { max_fallbacks: 2 }, { max_fallbacks: 2 }],
    [
      'default params',
      { default_litellm_params: { temperature: 0, timeout: 4 } },
      { default_params: { temperature: 0 }, total_timeout: 4000 },
    ],
    ['max_retries', { max_retries: 2 }, { retry: { attempts: 2 } }],
    ['default_priority', { default_priority: 5 }, { queue: { default_priority: 5 } }],
    [
      'budget',
      { litellm_settings: { max_budget: 10, budget_duration: '30d' } },
      { budget: [{ amount: 10, period: '30d', unpriced: 'free' }] },
    ],
    [
      'provider budgets',
      { provider_budget_config: { azure: { budget_limit: 1, time_period: '1d' } } },
      { budget: [{ amount: 1, period: '1d', by: 'provider', of: 'azure-openai' }] },
    ],
    [
      'aliases',
      { model_group_alias: { 'gpt-4': 'm', x: { model: 'm', hidden: true } } },
      { aliases: { 'gpt-4': 'm', x: { model: 'm', hidden: true } } },
    ],
    [
      'cache in memory',
      { litellm_settings: { cache: true, cache_params: { type: 'local', ttl: 60 } } },
      { cache: { mode: 'simple', max_age: 60 } },
    ],
  ])('%s', (_, settings, expected) => {
    expect(imported({ model_list: one, ...settings }).config).toMatchObject(expected);
  });

  it('cooldowns can be switched off, for all or for one', () => {
    expect(imported({ model_list: one, disable_cooldowns: true }).config.cooldown).toBeUndefined();
    expect(imported({ model_list: one, cooldown_time: 0 }).config.cooldown).toBeUndefined();
    const { targets: all } = targets(
      deployment('gpt-4', { cooldown_time: 0 }),
      deployment('gpt-4o', { cooldown_time: 5, allowed_fails: 0 }),
    );
    expect(all?.map(({ cooldown }) => [cooldown?.time, cooldown?.allowed_fails])).toEqual([
      [0, 3],
      [5, 0],
    ]);
  });

  it('retries: the deployments’ own number beats the Router’s, a policy names kinds of errors', () => {
    const { config } = imported({
      model_list: [deployment('gpt-4', { num_retries: 4 }), deployment('gpt-4', {}, {}, 'n')],
      num_retries: 1,
      retry_after: 3,
      retry_policy: { RateLimitErrorRetries: 5, TimeoutErrorRetries: 0 },
    });
    const retries = Object.values(config.model_groups ?? {}).map(({ retry }) => retry);
    expect(retries[0]).toMatchObject({ attempts: 4, scope: 'node', use_retry_after_header: true });
    expect(retries[1]).toMatchObject({
      attempts: 1,
      per_error: { rate_limit: 5, timeout: 0 },
      backoff: { initial: 3000 },
    });
  });

  it('a deployment’s own times, tries, facts and prices', () => {
    const { targets: all } = targets(
      deployment(
        'gpt-4',
        {
          timeout: 5,
          stream_timeout: 1,
          max_retries: 2,
          max_parallel_requests: 3,
          max_budget: 2,
          budget_duration: '1d',
          input_cost_per_token: 0.000001,
        },
        { model_info: { id: 'dep-1', max_input_tokens: 8000, max_output_tokens: 900 } },
      ),
    );
    expect(all?.[0]).toMatchObject({
      id: 'dep-1',
      request_timeout: 5000,
      first_token_timeout: 1000,
      retry: { attempts: 2 },
      max_concurrency: 3,
      max_input_tokens: 8000,
      max_output_tokens: 900,
      budget: { amount: 2, period: '1d' },
      pricing: { input_cost_per_token: 0.000001 },
    });
  });

  it('calls wait for a busy deployment, as long as the document gives them', () => {
    expect(imported({ model_list: [deployment('gpt-4', { max_parallel_requests: 1 })] }).config.queue).toEqual({
      max_wait: 60,
    });
    expect(imported({ model_list: one, default_max_parallel_requests: 2, timeout: 20 }).config).toMatchObject({
      queue: { max_wait: 20 },
      model_groups: { m: { targets: [{ max_concurrency: 2 }] } },
    });
  });

  it('tags choose only where tag filtering is on', () => {
    const model_list = [deployment('gpt-4', { tags: ['paid'] })];
    const off = imported({ model_list });
    expect(off.config.model_groups?.m?.targets?.[0]?.tags).toBeUndefined();
    expect(off.warnings).toEqual([
      { path: '$.model_list[0].litellm_params.tags', message: 'No effect without "enable_tag_filtering".' },
    ]);
    const on = imported({ model_list, enable_tag_filtering: true, tag_filtering_match_any: false });
    expect(on.config).toMatchObject({ tag_match: 'all', model_groups: { m: { targets: [{ tags: ['paid'] }] } } });
  });
});

describe('fallbacks', () => {
  const model_list = ['a', 'b', 'openai/b', 'c'].map((name) => deployment('gpt-4', {}, {}, name));

  it.each<[string, object, object, readonly string[]]>([
    [
      'a list of maps is one map',
      { fallbacks: [{ a: ['b'] }, { b: ['c'] }] },
      { fallbacks: { a: ['b'], b: ['c'], 'openai/b': ['c'] } },
      [],
    ],
    [
      'the first entry of a name counts',
      { fallbacks: [{ a: ['b'] }, { a: ['c'] }] },
      { fallbacks: { a: ['b'] } },
      ['$.fallbacks[1]["a"]'],
    ],
    [
      'a name is no fallback of its own',
      { fallbacks: [{ a: ['a', 'b'] }] },
      { fallbacks: { a: ['b'] } },
      ['$.fallbacks'],
    ],
    [
      'by cause',
      { context_window_fallbacks: [{ a: ['b'] }], content_policy_fallbacks: [{ a: ['c'] }] },
      { context_window_fallbacks: { a: ['b'] }, content_policy_fallbacks: { a: ['c'] } },
      [],
    ],
    ['for all', { default_fallbacks: ['c'] }, { default_fallbacks: ['c'] }, []],
    [
      'for all, twice',
      { fallbacks: [{ '*': ['b'] }], default_fallbacks: ['c'] },
      { fallbacks: { '*': ['b'] } },
      ['$.default_fallbacks'],
    ],
    ['aliases', { model_group_alias: { x: 'b' }, fallbacks: [{ a: ['x'] }] }, { fallbacks: { a: ['x'] } }, []],
  ])('%s', (_, settings, expected, warned) => {
    const { config, warnings } = imported({ model_list, ...settings });
    expect(config).toMatchObject(expected);
    expect(warnings.map(({ path }) => path)).toEqual(warned);
  });

  it('router_settings win over litellm_settings, and the Router’s own arguments over both', () => {
    const { config, warnings } = imported({
      model_list,
      fallbacks: [{ a: ['b'] }],
      router_settings: { fallbacks: [{ a: ['c'] }], timeout: 2 },
      litellm_settings: { fallbacks: [{ b: ['c'] }], timeout: 3 },
    });
    expect(config).toMatchObject({ fallbacks: { a: ['b'] }, total_timeout: 2000 });
    expect(warnings).toEqual([
      { path: '$.litellm_settings.timeout', message: 'Overruled by $.router_settings.timeout.' },
      { path: '$.router_settings.fallbacks', message: 'Overruled by $.fallbacks.' },
      { path: '$.litellm_settings.fallbacks', message: 'Overruled by $.fallbacks.' },
    ]);
  });

  it('a longer model that is no group becomes one, and the other groups keep their general ways', () => {
    const { config } = imported({
      model_list: [
        deployment('gpt-4', { api_key: 'sk-1', context_window_fallback_dict: { 'gpt-4': 'gpt-4-32k' } }),
        deployment('claude-3', {}, {}, 'n'),
      ],
      fallbacks: [{ m: ['n'] }, { n: ['m'] }],
    });
    expect(config.context_window_fallbacks).toEqual({ m: ['gpt-4-32k', 'n'], n: ['m'] });
    expect(config.model_groups?.['gpt-4-32k']?.targets).toMatchObject([
      { provider: 'openai', api_key: 'sk-1', override_params: { model: 'gpt-4-32k' } },
    ]);
  });
});

describe('what concerns the client and the server', () => {
  it('Redis, as asked for in each place', () => {
    const model_list = [deployment('gpt-4')];
    const cache = { cache: true, cache_params: { type: 'redis', host: 'c', port: '1' } };
    expect(imported({ model_list, litellm_settings: cache }).client).toEqual({ cacheRedis: { host: 'c', port: 1 } });
    expect(imported({ model_list, redis_host: 'r', litellm_settings: cache }).client).toEqual({
      redis: { host: 'r' },
      cacheRedis: { host: 'c', port: 1 },
    });
    const around = fromLiteLLM(
      { model_list, litellm_settings: { cache: true } },
      { environment: { REDIS_URL: 'redis://x' } },
    );
    expect([around.client, around.config.cache]).toEqual([
      { cacheRedis: { url: 'redis://x' } },
      { mode: 'simple', max_age: 3600, scope: 'shared' },
    ]);
  });

  it('general_settings', () => {
    const { server, warnings } = imported({
      model_list: [deployment('gpt-4')],
      general_settings: {
        master_key: 'os.environ/SOME_KEY',
        database_url: 'postgresql://x',
        background_health_checks: true,
        custom_auth: 'x.py',
      },
    });
    expect(server).toEqual({ masterKey: 'found', databaseUrl: 'postgresql://x', healthChecks: { everySeconds: 300 } });
    expect(warnings).toEqual([{ path: '$.general_settings.custom_auth', message: 'Python is not run here.' }]);
  });
});

describe('documents', () => {
  it.each<[string, unknown, string]>([
    ['no object', 7, '$: Must be an object, or the JSON or YAML text of one.'],
    ['a list', [], '$: Must be an object, or the JSON or YAML text of one.'],
    ['broken YAML', 'a: [', '$: The text is not valid YAML: line 1, column'],
    ['broken JSON', '{"model_list": [,]}', '$: The text is not valid JSON: line 1, column 17'],
    [
      'keys written twice',
      'model_list: []\nmodel_list: []',
      '$: The text is not valid YAML: line 2, column 1: duplicate key.',
    ],
    ['nothing in it', {}, '$.model_list: Missing: the models that requests may ask for.'],
    ['other files', { model_list: [deployment('gpt-4')], include: ['x.yaml'] }, '$.include: No files are read here'],
  ])('%s is refused', (_, document, issue) => {
    expect(issuesOf(document).join('\n')).toContain(issue);
  });

  it('no message repeats a key', () => {
    const secret = 'sk-canary-1';
    const document = { model_list: [deployment('gpt-4', { api_key: secret, rpm: { [secret]: 1 }, api_base: secret })] };
    expect(issuesOf(document).join()).not.toContain(secret);
    expect(issuesOf(`model_list: [{ api_key: ${secret}`).join()).not.toContain(secret);
  });

  it('Python’s YAML: yes is true, dates are texts, anchors merge', () => {
    const { config } = fromLiteLLM(
      `
defaults: &azure { api_version: 2024-02-01, api_key: k }
model_list:
  - model_name: m
    litellm_params: { <<: *azure, model: azure/x }
router_settings: { disable_cooldowns: yes }
`,
      { environment: {} },
    );
    expect(config.model_groups?.m?.targets?.[0]).toMatchObject({ azure_api_version: '2024-02-01', api_key: 'k' });
    expect(config.cooldown).toBeUndefined();
  });

  it('the document stays as it was, and the config is one that clients take', () => {
    const document = { model_list: [deployment('azure/*', {}, {}, 'azure/*'), deployment('gpt-4', {}, {}, '*')] };
    const before = structuredClone(document);
    const { config } = imported(document);
    expect(document).toEqual(before);
    expect(() => new Portkey({ config, environment: {} })).not.toThrow();
    expect(() => new Portkey({ config: JSON.stringify(config), environment: {} })).not.toThrow();
  });
});

describe('what LiteLLM knows of single deployments, requests and tags', () => {
  const deployment = (model_name: string, id: string, more: object = {}) => ({
    model_name,
    litellm_params: { model: `openai/${id}`, api_key: 'k', ...more },
    model_info: { id },
  });

  it('a fallback to a deployment by its ID leads to that one alone', () => {
    const { config, warnings } = fromLiteLLM({
      model_list: [
        deployment('small', 's-1'),
        deployment('big', 'b-1', { weight: 3 }),
        deployment('big', 'b-2', { weight: 1 }),
      ],
      router_settings: { fallbacks: [{ small: ['b-2'] }], context_window_fallbacks: [{ small: ['big', 'b-1'] }] },
    });
    expect(Object.keys(config.model_groups ?? {})).toEqual(['small', 'big', 'b-1', 'b-2']);
    expect(config.model_groups?.['b-2']?.targets?.map(({ id }) => id)).toEqual(['b-2']);
    expect([config.fallbacks, config.context_window_fallbacks]).toEqual([
      { small: ['b-2'] },
      { small: ['big', 'b-1'] },
    ]);
    expect(warnings).toEqual([]);
  });

  it('a name that is neither group nor ID is still refused', () => {
    const document = { model_list: [deployment('small', 's-1')], router_settings: { fallbacks: [{ small: ['b-9'] }] } };
    expect(() => fromLiteLLM(document)).toThrow('There is no model "b-9" in this document.');
  });

  it('a cache that is off by default is for requests that ask for it', () => {
    const { config, warnings } = fromLiteLLM({
      model_list: [deployment('small', 's-1')],
      litellm_settings: { cache: true, cache_params: { type: 'local', mode: 'default_off', ttl: 60 } },
    });
    expect([config.cache, warnings]).toEqual([{ mode: 'simple', max_age: 60, opt_in: true }, []]);
  });

  it.each<[readonly string[], string, object | undefined]>([
    [['prompt_caching'], 'simple-shuffle', { by: ['prefix'] }],
    [['responses_api_deployment_check'], 'simple-shuffle', { by: 'session' }],
    [['session_affinity', 'deployment_affinity'], 'least-busy', { by: ['session', 'user'] }],
    [['session_affinity'], 'simple-shuffle', undefined],
    [['session_affinity', 'prompt_caching'], 'simple-shuffle', { by: ['prefix'] }],
  ])('the checks %j with %s are the affinity %j', (optional_pre_call_checks, routing_strategy, affinity) => {
    const { config, warnings } = fromLiteLLM({
      model_list: [deployment('small', 's-1'), deployment('small', 's-2')],
      router_settings: { optional_pre_call_checks, routing_strategy },
    });
    expect([config.model_groups?.small?.affinity, warnings]).toEqual([affinity, []]);
  });

  it('tags have budgets, whatever the deployment', () => {
    const { config, warnings } = fromLiteLLM({
      model_list: [deployment('small', 's-1')],
      litellm_settings: {
        tag_budget_config: {
          batch: { max_budget: 5, budget_duration: '1d' },
          web: { budget_limit: 7, time_period: '30d' },
        },
      },
    });
    expect([config.budget, warnings]).toEqual([
      [
        { amount: 5, period: '1d', unpriced: 'free', by: 'tag', of: 'batch' },
        { amount: 7, period: '30d', unpriced: 'free', by: 'tag', of: 'web' },
      ],
      [],
    ]);
  });
});
