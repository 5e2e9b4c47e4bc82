import { describe, expect, it } from 'vitest';
import { fromLiteLLM } from '../../src/import.ts';
import { Portkey, type PortkeyOptions } from '../../src/index.ts';
import { manualClock } from '../support/manual-clock.ts';
import { simulated } from '../support/simulated.ts';

// The snippets stand as LiteLLM's pages "Router - Load Balancing, Fallbacks" and "Load Balancing - Multiple Instances of 1 model" print them;
// Python's keyword arguments are members of an object, and what they read from the environment is this one.
const environment = {
  AZURE_API_KEY: 'az-key',
  AZURE_API_VERSION: '2023-07-01-preview',
  AZURE_API_BASE: 'https://my-azure.openai.azure.com/',
  OPENAI_API_KEY: 'sk-key',
  REDIS_HOST: 'redis.internal',
  REDIS_PORT: '6380',
  REDIS_PASSWORD: 'secret',
  REDIS_URL: 'redis://redis.internal:6380',
};

const simulator = simulated();

/** Sends calls to the documents' addresses to the simulator instead: `http://0.0.0.0:8001` is its provider `host-8001`. */
const redirected: typeof fetch = (input, init) => {
  const { hostname, port, pathname, search } = new URL(String(input));
  const provider = hostname.endsWith('.openai.azure.com')
    ? 'azure-openai'
    : hostname === 'api.openai.com'
      ? 'openai'
      : `host-${port}`;
  const prefix = simulator.baseUrl(provider).replace(/\/(v1|openai)$/, '');
  return fetch(`${prefix}${pathname}${search}`, init);
};

/** A client on a clock that stands still but for the waits between tries. */
function client(document: unknown, options: PortkeyOptions = {}) {
  const clock = manualClock();
  const imported = fromLiteLLM(document, { environment });
  const portkey = new Portkey({
    environment: {},
    fetch: redirected,
    clock,
    random: () => 0,
    config: imported.config,
    ...options,
  });
  portkey.on('retry', ({ delayMs }) => setImmediate(() => clock.advance(delayMs)));
  const ask = (model: string, more: object = {}) =>
    portkey.chat.completions
      .create({ model, messages: [{ role: 'user', content: "Hey, how's it going?" }], ...more } as never)
      .then(
        (reply: { model: string }) => reply.model,
        (error) => error.status as number,
      );
  return { ...imported, portkey, clock, ask };
}

/** Who was asked: the provider, and the deployment or model. */
function asked(): readonly string[] {
  return simulator.requests().map(({ provider, path, model }) => {
    const deployment = /\/deployments\/([^/]+)\//.exec(path)?.[1];
    return `${provider} ${deployment ?? model}`;
  });
}

function count(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

const model_list = [
  {
    model_name: 'gpt-3.5-turbo',
    litellm_params: {
      model: 'azure/chatgpt-v-2',
      api_key: environment.AZURE_API_KEY,
      api_version: environment.AZURE_API_VERSION,
      api_base: environment.AZURE_API_BASE,
    },
  },
  {
    model_name: 'gpt-3.5-turbo',
    litellm_params: {
      model: 'azure/chatgpt-functioncalling',
      api_key: environment.AZURE_API_KEY,
      api_version: environment.AZURE_API_VERSION,
      api_base: environment.AZURE_API_BASE,
    },
  },
  {
    model_name: 'gpt-3.5-turbo',
    litellm_params: {
      model: 'gpt-3.5-turbo',
      api_key: environment.OPENAI_API_KEY,
    },
  },
];

const [azureV2, azureFunctions, openai] = model_list;

describe('the Router’s page', () => {
  it('Quick Start: three deployments share the calls', async () => {
    const { ask, warnings } = client({ model_list });
    for (let call = 0; call < 6; call++) await ask('gpt-3.5-turbo');
    expect(warnings).toEqual([]);
    expect(count(asked())).toEqual({
      'azure-openai chatgpt-v-2': 2,
      'azure-openai chatgpt-functioncalling': 2,
      'openai gpt-3.5-turbo': 2,
    });
    expect(simulator.requests('azure-openai')[0]).toMatchObject({
      path: expect.stringMatching(
        /^\/openai\/deployments\/chatgpt-[^/]+\/chat\/completions\?api-version=2023-07-01-preview$/,
      ),
      key: 'az-key',
    });
    expect(simulator.requests('openai')[0]).toMatchObject({ key: 'sk-key' });
  });

  it('Available Endpoints: embeddings and text completions go the same way', async () => {
    const { portkey } = client({ model_list: [openai] });
    await portkey.embeddings.create({ model: 'gpt-3.5-turbo', input: 'x' });
    await portkey.completions.create({ model: 'gpt-3.5-turbo', prompt: 'x' });
    expect(simulator.requests('openai').map(({ path }) => path)).toEqual(['/v1/embeddings', '/v1/completions']);
  });

  it('Weighted Pick: by rpm 900, 10 and 10', async () => {
    const rpm = [900, 10, 10];
    const { ask } = client({
      model_list: model_list.map((entry, index) => ({
        ...entry,
        litellm_params: { ...entry.litellm_params, rpm: rpm[index] },
      })),
      routing_strategy: 'simple-shuffle',
    });
    await Promise.all(Array.from({ length: 920 }, () => ask('gpt-3.5-turbo')));
    expect(count(asked())).toEqual({
      'azure-openai chatgpt-v-2': 900,
      'azure-openai chatgpt-functioncalling': 10,
      'openai gpt-3.5-turbo': 10,
    });
  });

  const limited = [
    { ...azureV2, tpm: 100000, rpm: 10000 },
    { ...azureFunctions, tpm: 100000, rpm: 1000 },
    { ...openai, tpm: 100000, rpm: 1000 },
  ];

  it('Rate-Limit Aware: limits beside the params, and the Redis that processes share', async () => {
    const { ask, client: wishes } = client({
      model_list: limited,
      redis_host: environment.REDIS_HOST,
      redis_password: environment.REDIS_PASSWORD,
      redis_port: environment.REDIS_PORT,
      routing_strategy: 'simple-shuffle',
    });
    for (let call = 0; call < 12; call++) await ask('gpt-3.5-turbo');
    expect(count(asked())).toEqual({
      'azure-openai chatgpt-v-2': 10,
      'azure-openai chatgpt-functioncalling': 1,
      'openai gpt-3.5-turbo': 1,
    });
    expect(wishes).toEqual({ redis: { host: 'redis.internal', port: 6380, password: 'secret' } });
  });

  it('Rate-Limit Aware, as the text means it: the least used, and none beyond its limit', async () => {
    const { ask } = client({
      model_list: limited.map((entry) => ({ ...entry, rpm: 2 })),
      routing_strategy: 'usage-based-routing',
    });
    const ends = [];
    for (let call = 0; call < 7; call++) ends.push(await ask('gpt-3.5-turbo'));
    expect(count(asked())).toEqual({
      'azure-openai chatgpt-v-2': 2,
      'azure-openai chatgpt-functioncalling': 2,
      'openai gpt-3.5-turbo': 2,
    });
    expect(ends.at(-1)).toBe(429);
  });

  it('Timeouts: the entire length of the call', async () => {
    simulator.behave('openai', { latencyMs: 60_000 });
    const { portkey, clock } = client({ model_list: [openai], timeout: 30 });
    const call = portkey.chat.completions.create({ model: 'gpt-3.5-turbo', messages: [] });
    const ended = call.then(
      () => 'answered',
      (error) => `${error.status} ${error.limit}`,
    );
    while (simulator.requests('openai').length === 0) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(29_999);
    clock.advance(1);
    expect(await ended).toBe('408 total_timeout');
  });

  it('Cooldowns: more than one failure in a minute cools for a minute', async () => {
    simulator.behave('azure-openai', { status: 500 });
    const { ask, portkey, clock } = client({ model_list: [azureV2, openai], allowed_fails: 1 });
    for (let call = 0; call < 6; call++) expect(await ask('gpt-3.5-turbo')).toBe('gpt-3.5-turbo');
    expect(count(asked())).toEqual({ 'azure-openai chatgpt-v-2': 2, 'openai gpt-3.5-turbo': 6 });
    expect(portkey.state().map(({ health }) => health)).toEqual(['cooling', 'ready']);
    simulator.behave('azure-openai', {});
    clock.advance(59_999);
    expect(portkey.state()[0]?.health).toBe('cooling');
    clock.advance(1);
    for (let call = 0; call < 2; call++) await ask('gpt-3.5-turbo');
    expect(count(asked())['azure-openai chatgpt-v-2']).toBe(3);
  });

  it('Retries: three more calls, with others first', async () => {
    simulator.behave('azure-openai', { status: 500 });
    simulator.behave('openai', { status: 500 });
    const { ask } = client({ model_list, num_retries: 3 });
    expect(await ask('gpt-3.5-turbo')).toBe(500);
    expect(asked().length).toBe(4);
    expect(new Set(asked().slice(0, 3)).size).toBe(3);
  });

  const fallbackList = [
    {
      model_name: 'azure/gpt-3.5-turbo',
      litellm_params: {
        model: 'azure/chatgpt-v-2',
        api_key: 'bad-key',
        api_version: environment.AZURE_API_VERSION,
        api_base: environment.AZURE_API_BASE,
      },
      tpm: 240000,
      rpm: 1800,
    },
    {
      model_name: 'azure/gpt-3.5-turbo-context-fallback',
      litellm_params: {
        model: 'azure/chatgpt-v-2',
        api_key: 'bad-key',
        api_version: environment.AZURE_API_VERSION,
        api_base: environment.AZURE_API_BASE,
      },
      tpm: 240000,
      rpm: 1800,
    },
    {
      model_name: 'azure/gpt-3.5-turbo',
      litellm_params: {
        model: 'azure/chatgpt-functioncalling',
        api_key: 'bad-key',
        api_version: environment.AZURE_API_VERSION,
        api_base: environment.AZURE_API_BASE,
      },
      tpm: 240000,
      rpm: 1800,
    },
    {
      model_name: 'gpt-3.5-turbo',
      litellm_params: {
        model: 'gpt-3.5-turbo',
        api_key: environment.OPENAI_API_KEY,
      },
      tpm: 1000000,
      rpm: 9000,
    },
    {
      model_name: 'gpt-3.5-turbo-16k',
      litellm_params: {
        model: 'gpt-3.5-turbo-16k',
        api_key: environment.OPENAI_API_KEY,
      },
      tpm: 1000000,
      rpm: 9000,
    },
  ];

  const withFallbacks = {
    model_list: fallbackList,
    fallbacks: [{ 'azure/gpt-3.5-turbo': ['gpt-3.5-turbo'] }],
    context_window_fallbacks: [
      { 'azure/gpt-3.5-turbo-context-fallback': ['gpt-3.5-turbo-16k'] },
      { 'gpt-3.5-turbo': ['gpt-3.5-turbo-16k'] },
    ],
    set_verbose: true,
  };

  it('Fallbacks: another group when a group has failed, a larger one when the prompt was too long', async () => {
    simulator.behave('azure-openai', { keys: ['good-key'] });
    const { ask, warnings } = client(withFallbacks);
    expect(warnings.map(({ path }) => path)).toEqual(['$.set_verbose']);
    expect(await ask('azure/gpt-3.5-turbo')).toBe('gpt-3.5-turbo');
    expect(asked().toSorted()).toEqual([
      'azure-openai chatgpt-functioncalling',
      'azure-openai chatgpt-v-2',
      'openai gpt-3.5-turbo',
    ]);
    // Its key is bad too, and nothing leads on from there but a prompt that is too long.
    expect(await ask('azure/gpt-3.5-turbo-context-fallback')).toBe(401);
    simulator.behave('azure-openai', { error: 'context_window' });
    expect(await ask('azure/gpt-3.5-turbo-context-fallback')).toBe('gpt-3.5-turbo-16k');
    // The entry of a model holds for the same model of a provider that has none of its own.
    expect(await client(withFallbacks).ask('azure/gpt-3.5-turbo')).toBe('gpt-3.5-turbo-16k');
  });

  it('Fallbacks: from fallback to fallback, by the cause of each failure', async () => {
    simulator.behave('azure-openai', { keys: ['good-key'] });
    simulator.behave('openai', [{ when: { model: 'gpt-3.5-turbo' }, error: 'context_window' }, {}]);
    const { ask } = client(withFallbacks);
    expect(await ask('azure/gpt-3.5-turbo')).toBe('gpt-3.5-turbo-16k');
    expect(asked().slice(-2)).toEqual(['openai gpt-3.5-turbo', 'openai gpt-3.5-turbo-16k']);
  });

  it('Caching: in memory', async () => {
    const { ask, client: wishes } = client({ model_list, cache_responses: true });
    for (let call = 0; call < 3; call++) await ask('gpt-3.5-turbo');
    expect(asked().length).toBe(1);
    expect(wishes).toEqual({});
  });

  it('Caching: the Redis asked for is told', () => {
    const { redis_host, redis_password, redis_port } = {
      redis_host: environment.REDIS_HOST,
      redis_password: environment.REDIS_PASSWORD,
      redis_port: environment.REDIS_PORT,
    };
    const parts = client({ model_list, redis_host, redis_password, redis_port, cache_responses: true });
    expect(parts.client.redis).toEqual({ host: 'redis.internal', port: 6380, password: 'secret' });
    expect(parts.config.cache).toEqual({ mode: 'simple', max_age: 3600, scope: 'shared' });
    const url = client({ model_list, redis_url: environment.REDIS_URL, cache_kwargs: {}, cache_responses: true });
    expect(url.client.redis).toEqual({ url: 'redis://redis.internal:6380' });
    expect([...parts.warnings, ...url.warnings]).toEqual([]);
  });

  it('Default params: a longer model in place of a deployment’s own, with its key', async () => {
    simulator.behave('azure-openai', { error: 'context_window' });
    simulator.behave('openai', [{ when: { model: 'gpt-3.5-turbo' }, error: 'context_window' }, {}]);
    const fallback_dict = { 'gpt-3.5-turbo': 'gpt-3.5-turbo-16k' };
    const { ask, warnings } = client({
      model_list,
      default_litellm_params: { context_window_fallback_dict: fallback_dict },
    });
    expect(await ask('gpt-3.5-turbo')).toBe('gpt-3.5-turbo-16k');
    expect(asked().length).toBe(2);
    expect(simulator.requests('openai').at(-1)).toMatchObject({ model: 'gpt-3.5-turbo-16k', key: 'sk-key' });
    expect(warnings).toEqual([]);
  });

  it('Queuing: a config.yaml whose keys are left to the environment', async () => {
    const { ask, warnings } = client(`model_list: 
  - model_name: gpt-3.5-turbo
    litellm_params: 
      model: gpt-3.5-turbo
      api_key: 
  - model_name: gpt-3.5-turbo
    litellm_params: 
      model: azure/chatgpt-v-2 # actual model name
      api_key: 
      api_version: 2023-07-01-preview
      api_base: https://openai-gpt-4-test-v-1.openai.azure.com/
`);
    for (let call = 0; call < 4; call++) await ask('gpt-3.5-turbo');
    expect(warnings).toEqual([]);
    expect(count(simulator.requests().map(({ provider, key }) => `${provider} ${key}`))).toEqual({
      'openai sk-key': 2,
      'azure-openai az-key': 2,
    });
  });

  it('Queuing: or are in no environment either: the document loads, and says so', () => {
    const { warnings } = fromLiteLLM(
      {
        model_list: [
          {
            model_name: 'gpt-3.5-turbo',
            litellm_params: {
              model: 'azure/chatgpt-v-2',
              api_key: '',
              api_base: 'https://openai-gpt-4-test-v-1.openai.azure.com/',
              api_version: '2023-07-01-preview',
            },
          },
        ],
      },
      { environment: {} },
    );
    expect(warnings).toEqual([
      {
        path: '$.model_list[0].litellm_params.api_key',
        message: 'No key: neither here nor in AZURE_OPENAI_API_KEY or AZURE_API_KEY. Azure OpenAI will refuse.',
      },
    ]);
  });
});

describe('the proxy’s page', () => {
  const instances = `model_list:
  - model_name: gpt-3.5-turbo
    litellm_params:
      model: azure/gpt-turbo-small-eu
      api_base: https://my-endpoint-europe-berri-992.openai.azure.com/
      api_key: 
      rpm: 6      # Rate limit for this deployment: in requests per minute (rpm)
  - model_name: gpt-3.5-turbo
    litellm_params:
      model: azure/gpt-turbo-small-ca
      api_base: https://my-endpoint-canada-berri992.openai.azure.com/
      api_key: 
      rpm: 6
  - model_name: gpt-3.5-turbo
    litellm_params:
      model: azure/gpt-turbo-large
      api_base: https://openai-france-1234.openai.azure.com/
      api_key: 
      rpm: 1440
`;

  it('Example config: 1452 calls are 6, 6 and 1440', async () => {
    const { ask } = client(instances);
    for (let batch = 0; batch < 12; batch++) await Promise.all(Array.from({ length: 121 }, () => ask('gpt-3.5-turbo')));
    expect(count(asked())).toEqual({
      'azure-openai gpt-turbo-small-eu': 6,
      'azure-openai gpt-turbo-small-ca': 6,
      'azure-openai gpt-turbo-large': 1440,
    });
  });

  it('Use proxy: the body of the first request', async () => {
    const { ask } = client(instances);
    expect(await ask('gpt-3.5-turbo', { messages: [{ role: 'user', content: 'what llm are you' }] })).toMatch(
      /gpt-turbo/,
    );
  });

  const zephyr = `model_list:
  - model_name: zephyr-beta
    litellm_params:
        model: huggingface/HuggingFaceH4/zephyr-7b-beta
        api_base: http://0.0.0.0:8001
  - model_name: zephyr-beta
    litellm_params:
        model: huggingface/HuggingFaceH4/zephyr-7b-beta
        api_base: http://0.0.0.0:8002
  - model_name: zephyr-beta
    litellm_params:
        model: huggingface/HuggingFaceH4/zephyr-7b-beta
        api_base: http://0.0.0.0:8003
  - model_name: gpt-3.5-turbo
    litellm_params:
        model: gpt-3.5-turbo
        api_key: <my-openai-key>
  - model_name: gpt-3.5-turbo-16k
    litellm_params:
        model: gpt-3.5-turbo-16k
        api_key: <my-openai-key>

litellm_settings:
  num_retries: 3 # retry call 3 times on each model_name (e.g. zephyr-beta)
  request_timeout: 10 # raise Timeout error if call takes longer than 10s
  fallbacks: [{"zephyr-beta": ["gpt-3.5-turbo"]}] # fallback to gpt-3.5-turbo if call fails num_retries 
  context_window_fallbacks: [{"zephyr-beta": ["gpt-3.5-turbo-16k"]}, {"gpt-3.5-turbo": ["gpt-3.5-turbo-16k"]}] # fallback to gpt-3.5-turbo-16k if context window error
  allowed_fails: 3 # cooldown model if it fails > 1 call in a minute. 
`;
  const hosts = ['host-8001', 'host-8002', 'host-8003'];
  const behave = (behaviour: object) => {
    for (const host of hosts) simulator.behave(host, { keyRequired: false, ...behaviour });
  };

  it('Set via config: the three servers share the calls, asked without a key at /v1', async () => {
    behave({});
    const { ask, warnings } = client(zephyr);
    for (let call = 0; call < 6; call++) expect(await ask('zephyr-beta')).toBe('HuggingFaceH4/zephyr-7b-beta');
    expect(warnings).toEqual([]);
    expect(count(simulator.called())).toEqual({ 'host-8001': 2, 'host-8002': 2, 'host-8003': 2 });
    expect(simulator.requests('host-8001')[0]?.path).toBe('/v1/chat/completions');
  });

  it('Set via config: four calls to the group, then the fallback', async () => {
    behave({ status: 500 });
    const { ask } = client(zephyr);
    expect(await ask('zephyr-beta')).toBe('gpt-3.5-turbo');
    expect(simulator.called().slice(0, 3).toSorted()).toEqual(hosts);
    expect(simulator.called().length).toBe(5);
    expect(asked().at(-1)).toBe('openai gpt-3.5-turbo');
    expect(simulator.requests('openai')[0]?.key).toBe('<my-openai-key>');
  });

  it('Set via config: a prompt that is too long goes to the larger model after one call', async () => {
    behave({ error: 'context_window' });
    const { ask } = client(zephyr);
    expect(await ask('zephyr-beta')).toBe('gpt-3.5-turbo-16k');
    expect(asked().length).toBe(2);
  });

  it('Set via config: ten seconds for each call', async () => {
    behave({ latencyMs: 60_000 });
    const { portkey, clock } = client(zephyr);
    const messages = [{ role: 'user', content: 'what llm are you' }];
    const call = portkey.chat.completions.create({ model: 'zephyr-beta', messages, num_retries: 0 } as never);
    const ended = call.then((reply: { model: string }) => reply.model);
    for (let waiting = 1; waiting <= 3; waiting++) {
      while (simulator.called().length < waiting) await new Promise((resolve) => setImmediate(resolve));
      clock.advance(10_000);
    }
    expect(await ended).toBe('gpt-3.5-turbo');
    expect(simulator.called().slice(0, 3).toSorted()).toEqual(hosts);
  });

  it('Set via config: more than three failures cool a server for a minute', async () => {
    behave({ status: 500 });
    const { ask, portkey } = client(zephyr);
    for (let call = 0; call < 3; call++) await ask('zephyr-beta');
    expect(portkey.state().filter(({ health }) => health === 'cooling').length).toBeGreaterThan(0);
    for (let call = 0; call < 3; call++) await ask('zephyr-beta');
    // Nobody but the fallback is asked while all of them cool.
    const before = simulator.called().length;
    expect(await ask('zephyr-beta')).toBe('gpt-3.5-turbo');
    expect(simulator.called().slice(before)).toEqual(['openai']);
  });

  const dynamic = {
    messages: [{ role: 'user', content: 'what llm are you' }],
    fallbacks: [{ 'zephyr-beta': ['gpt-3.5-turbo'] }],
    context_window_fallbacks: [{ 'zephyr-beta': ['gpt-3.5-turbo'] }],
    num_retries: 2,
    request_timeout: 10,
  };

  it('Set dynamically: the request’s own fallbacks and retries, which no provider sees', async () => {
    behave({ status: 500 });
    const { ask } = client(zephyr);
    expect(await ask('zephyr-beta', dynamic)).toBe('gpt-3.5-turbo');
    expect(simulator.called()).toHaveLength(4);
    expect(simulator.called().slice(0, 3).toSorted()).toEqual(hosts);
    for (const body of simulator.bodies()) expect(Object.keys(body).toSorted()).toEqual(['messages', 'model']);
  });

  it('Set dynamically: a prompt that is too long goes where the request says', async () => {
    behave({ error: 'context_window' });
    const { ask } = client(zephyr);
    expect(await ask('zephyr-beta', dynamic)).toBe('gpt-3.5-turbo');
    expect(asked().at(-1)).toBe('openai gpt-3.5-turbo');
  });

  it('Set dynamically: also where the document has no such settings', async () => {
    behave({ status: 500 });
    const bare = zephyr.slice(0, zephyr.indexOf('litellm_settings'));
    const { ask } = client(bare);
    expect(await ask('zephyr-beta')).toBe(500);
    const before = simulator.called().length;
    expect(await ask('zephyr-beta', dynamic)).toBe('gpt-3.5-turbo');
    expect(simulator.called().length - before).toBe(4);
  });
});
