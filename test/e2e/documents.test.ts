import { expect, it } from 'vitest';
import { Portkey, type PortkeyOptions } from '../../src/index.ts';
import { simulated } from '../support/simulated.ts';

// The snippets below stand as Portkey's cookbook "Setting up resilient load balancers with failure-mitigating fallbacks" and its
// former page "Load Balancing" print them; only the process environment they read is this object.
const process = {
  env: {
    PORTKEYAI_API_KEY: 'portkey-key',
    ANTHROPIC_VIRTUAL_KEY: 'anthropic-prod',
    OPENAI_VIRTUAL_KEY: 'openai-prod',
    AZURE_OPENAI_VIRTUAL_KEY: 'azure-prod',
    ANYSCALE_VIRTUAL_KEY: 'anyscale-prod',
  },
};

const simulator = simulated();

/** Sends calls to the providers' own addresses to the simulator instead. */
const redirected: typeof fetch = (input, init) => {
  const { hostname, pathname, search } = new URL(String(input));
  const [provider, base] = Object.entries(officialHosts).find(([, host]) => host === hostname) ?? [];
  if (provider === undefined || base === undefined) throw new Error(`Nobody should be asked at ${hostname}.`);
  const prefix = simulator.baseUrl(provider).replace(/\/(v1|openai)$/, '');
  return fetch(`${prefix}${pathname}${search}`, init);
};

const officialHosts = {
  anthropic: 'api.anthropic.com',
  openai: 'api.openai.com',
  anyscale: 'api.endpoints.anyscale.com',
  'azure-openai': '<AZURE_RESOURCE_NAME>.openai.azure.com'.replaceAll(/[<>]/g, '').toLowerCase().replaceAll('_', '-'),
};

const virtualKeys = {
  'anthropic-prod': { provider: 'anthropic', api_key: 'sk-ant' },
  'openai-prod': { provider: 'openai', api_key: 'sk-openai' },
  'azure-prod': {
    provider: 'azure-openai',
    api_key: 'az',
    resource_name: 'azure-resource-name',
    deployment_id: 'gpt-35',
  },
  'anyscale-prod': { provider: 'anyscale', api_key: 'any' },
};

function client(options: PortkeyOptions): Portkey {
  return new Portkey({ environment: {}, virtualKeys, fetch: redirected, random: () => 0, ...options });
}

const messages = [
  {
    role: 'system' as const,
    content: 'You are a very helpful assistant.',
  },
  {
    role: 'user' as const,
    content: 'What are 7 wonders in the world?',
  },
];

const resilient = (model: string) => ({
  strategy: {
    mode: 'loadbalance' as const,
  },
  targets: [
    {
      virtual_key: process.env['ANTHROPIC_VIRTUAL_KEY'],
      weight: 0.5,
      override_params: {
        max_tokens: 200,
        model,
      },
    },
    {
      strategy: {
        mode: 'fallback' as const,
      },
      targets: [
        {
          virtual_key: process.env['OPENAI_VIRTUAL_KEY'],
        },
        {
          virtual_key: process.env['AZURE_OPENAI_VIRTUAL_KEY'],
        },
      ],
      weight: 0.5,
    },
  ],
});

it.each(['claude-3-opus-20240229', 'claude-2.1'])('runs the cookbook’s load balancer with %s', async (model) => {
  const portkey = client({ apiKey: process.env['PORTKEYAI_API_KEY'], config: resilient(model) });
  for (let call = 0; call < 4; call++) {
    const response = await portkey.chat.completions.create(
      { messages, model: 'gpt-3.5-turbo' },
      { traceID: 'request-loadbalance-fallback' },
    );
    expect(response.choices[0]?.message.content).toMatch(/simulated/);
    expect(response.getHeaders()['trace-id']).toBe('request-loadbalance-fallback');
  }
  expect(simulator.requests('openai').map((request) => request.model)).toEqual(['gpt-3.5-turbo', 'gpt-3.5-turbo']);
  expect(simulator.bodies('anthropic')).toMatchObject([
    { model, max_tokens: 200, system: expect.anything() },
    { model, max_tokens: 200 },
  ]);
});

it('falls back from OpenAI to Azure, as the cookbook means it', async () => {
  simulator.behave('openai', { status: 429 });
  const portkey = client({ config: resilient('claude-3-opus-20240229') });
  for (let call = 0; call < 4; call++) await portkey.chat.completions.create({ messages, model: 'gpt-3.5-turbo' });
  expect(simulator.called().toSorted()).toEqual([
    'anthropic',
    'anthropic',
    'azure-openai',
    'azure-openai',
    'openai',
    'openai',
  ]);
});

it('runs the cookbook’s canary test: one call in ten', async () => {
  const config = {
    strategy: {
      mode: 'loadbalance' as const,
    },
    targets: [
      {
        virtual_key: process.env['OPENAI_VIRTUAL_KEY'],
        weight: 0.9,
      },
      {
        virtual_key: process.env['ANYSCALE_VIRTUAL_KEY'],
        weight: 0.1,
        override_params: {
          model: 'meta-llama/Llama-2-70b-chat-hf',
        },
      },
    ],
  };
  const portkey = client({ config });
  for (let call = 0; call < 20; call++)
    await portkey.chat.completions.create({ messages, model: 'gpt-3.5-turbo' }, { traceID: 'canary-testing' });
  expect(simulator.requests('openai').length).toBe(18);
  expect(simulator.requests('anyscale').map((request) => request.model)).toEqual([
    'meta-llama/Llama-2-70b-chat-hf',
    'meta-llama/Llama-2-70b-chat-hf',
  ]);
});

const openaiAndAnthropic = `{
    "config": {
        "mode": "loadbalance",
        "options": [{
            "provider": "openai",
            "apiKey": "<API_KEY>",
            "weight": 0.5,
            "override_params": { "model": "gpt-3.5-turbo" }
        }, {
            "provider": "anthropic",
            "apiKey": "<API_KEY>",
            "weight": 0.5,
            "override_params": { "model": "claude-v1" }
        }]
    },
    "params": {
        "messages": [{"role": "user","content":"What are the top 10 happiest countries in the world?"}],
        "max_tokens": 50,
        "user": "jbu3470"
    }
}`;

it('runs the legacy page’s equal shares of OpenAI and Anthropic', async () => {
  const { config, params } = JSON.parse(openaiAndAnthropic);
  const portkey = client({ config });
  for (let call = 0; call < 4; call++) await portkey.chat.completions.create(params);
  expect(simulator.bodies('openai')).toMatchObject([
    { model: 'gpt-3.5-turbo', max_tokens: 50, user: 'jbu3470' },
    { model: 'gpt-3.5-turbo' },
  ]);
  expect(simulator.bodies('anthropic')).toMatchObject([
    { model: 'claude-v1', max_tokens: 50, metadata: { user_id: 'jbu3470' } },
    { model: 'claude-v1' },
  ]);
  expect(simulator.requests().map((request) => request.key)).toEqual(Array(4).fill('<API_KEY>'));
});

const azureAndOpenai = `{
    "config": {
        "mode": "loadbalance",
        "options": [{
            "provider": "azure-openai",
	    "apiKey": "<AZURE_API_KEY>",
	    "resourceName": "<AZURE_RESOURCE_NAME>",
	    "deploymentId": "<AZURE_DEPLOYMENT_NAME>",
	    "apiVersion": "<AZURE_API_VERSION>",
	    "weight": 0.7
        }, {
            "provider": "openai",
            "apiKey": "<OPENAI_API_KEY>",
            "weight": 0.3
        }]
    },
    "params": {
        "messages": [{"role": "user","content":"What are the top 10 happiest countries in the world?"}],
        "max_tokens": 50,
        "user": "jbu3470",
        "model": "gpt-3.5-turbo"
    }
}`
  .replace('<AZURE_RESOURCE_NAME>', 'azure-resource-name')
  .replace('<AZURE_DEPLOYMENT_NAME>', 'gpt-35')
  .replace('<AZURE_API_VERSION>', '2024-02-01');

it('runs the legacy page’s 70 to 30 between Azure and OpenAI, given for each call', async () => {
  const { config, params } = JSON.parse(azureAndOpenai);
  const portkey = client({});
  for (let call = 0; call < 10; call++) await portkey.chat.completions.create(params, { config });
  expect(simulator.requests('azure-openai').map(({ path, key }) => [path, key])).toEqual(
    Array(7).fill(['/openai/deployments/gpt-35/chat/completions?api-version=2024-02-01', '<AZURE_API_KEY>']),
  );
  expect(simulator.requests('openai').map(({ key }) => key)).toEqual(Array(3).fill('<OPENAI_API_KEY>'));
});

it('says what is missing when an environment variable of the snippet is not set', () => {
  const { OPENAI_VIRTUAL_KEY } = {} as Record<string, string | undefined>;
  const config = { strategy: { mode: 'fallback' as const }, targets: [{ virtual_key: OPENAI_VIRTUAL_KEY }] };
  expect(() => client({ config: config as never })).toThrow('$.targets[0]: This target names nobody to ask');
});
