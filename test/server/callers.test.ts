import { describe, expect, it } from 'vitest';
import type { ServerOptions } from '../../src/server/index.ts';
import { served } from '../support/served.ts';
import { simulated } from '../support/simulated.ts';

const simulator = simulated();

const virtualKey = (provider: string) => ({
  provider,
  api_key: `vk-of-${provider}`,
  custom_host: simulator.baseUrl(provider),
});

/** A server with all that requests may choose from. */
function options(more: ServerOptions = {}): ServerOptions {
  return {
    config: simulator.target('openai', { api_key: 'default-key' }),
    configs: { 'pc-groq': simulator.target('groq'), 'pc-cache': { cache: { mode: 'simple' } } },
    virtualKeys: { 'openai-prod': virtualKey('openai'), 'groq-prod': virtualKey('groq') },
    environment: { OPENAI_API_KEY: 'environment-key', OPENAI_BASE_URL: '' },
    ...more,
  };
}

type Sent = Readonly<Record<string, unknown>>;

/** What `headers` say, objects as JSON. */
async function ask(server: ServerOptions, headers: Sent, body: Sent = {}) {
  const { url } = await served(server);
  const texts = Object.entries(headers).map(([name, value]) => [
    name === 'authorization' ? name : `x-portkey-${name}`,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...Object.fromEntries(texts) },
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }], ...body }),
  });
  const answer = await response.json();
  return { status: response.status, error: answer.error as { message: string; code: string } | undefined };
}

/** Provider, key and model of every request so far. */
function received(): readonly string[] {
  return simulator.requests().map(({ provider, key, model }) => `${provider} ${key} ${model}`);
}

describe('a request chooses its config', () => {
  const own = () => simulator.target('openai', { api_key: 'mine' });

  it.each<[string, () => Sent, Sent, string]>([
    ['by nothing: the default', () => ({}), {}, 'openai default-key gpt-4o'],
    [
      'by nothing, whatever key a client must send',
      () => ({ authorization: 'Bearer sk-unused' }),
      {},
      'openai default-key gpt-4o',
    ],
    ['by the ID of a config', () => ({ config: 'pc-groq' }), {}, 'groq key-of-groq gpt-4o'],
    ['by a config of its own', () => ({ config: own() }), {}, 'openai mine gpt-4o'],
    ['by a virtual key', () => ({ 'virtual-key': 'groq-prod' }), {}, 'groq vk-of-groq gpt-4o'],
    ['by a provider that is a slug', () => ({ provider: '@groq-prod' }), {}, 'groq vk-of-groq gpt-4o'],
    ['by a model with a slug', () => ({}), { model: '@groq-prod/llama' }, 'groq vk-of-groq llama'],
    [
      'by a provider with a key and a host of its own',
      () => ({ provider: 'groq', authorization: 'Bearer mine', 'custom-host': simulator.baseUrl('groq') }),
      {},
      'groq mine gpt-4o',
    ],
    [
      'by a config beside a virtual key',
      () => ({ config: 'pc-cache', 'virtual-key': 'openai-prod' }),
      {},
      'openai vk-of-openai gpt-4o',
    ],
    [
      'by an own config without targets beside a virtual key',
      () => ({ config: { retry: { attempts: 1 } }, 'virtual-key': 'openai-prod' }),
      {},
      'openai vk-of-openai gpt-4o',
    ],
  ])('%s', async (_way, headers, body, expected) => {
    const server = options({ trust: { customHosts: [new URL(simulator.baseUrl('openai')).host] } });
    expect(await ask(server, headers(), body)).toEqual({ status: 200, error: undefined });
    expect(received()).toEqual([expected]);
  });

  it('by the name of a model group, and lists them', async () => {
    const model_groups = {
      fast: simulator.target('groq', { override_params: { model: 'llama-3' } }),
      'gpt-*': simulator.target('openai'),
    };
    const server = options({ config: { model_groups, aliases: { quick: 'fast' } } });
    expect((await ask(server, {}, { model: 'quick' })).status).toBe(200);
    expect((await ask(server, {}, { model: 'gpt-4o' })).status).toBe(200);
    expect((await ask(server, {}, { model: 'claude' })).status).toBe(404);
    expect(received()).toEqual(['groq key-of-groq llama-3', 'openai key-of-openai gpt-4o']);
    const { url } = await served(server);
    const list = await (await fetch(`${url}/v1/models`)).json();
    expect(list.data.map(({ id }: { id: string }) => id)).toEqual(['fast', 'quick']);
  });

  it('and is told what it may name where nothing says whom to ask', async () => {
    const { config: _config, ...rest } = options();
    const answer = await ask(rest, {});
    expect(answer).toMatchObject({
      status: 400,
      error: { message: expect.stringContaining('names nobody to ask') },
    });
  });

  it('of the same config once: it is compiled for the first request', async () => {
    const server = await served(options({ trust: { customHosts: 'any' } }));
    const config = JSON.stringify({
      strategy: { mode: 'loadbalance' },
      targets: [simulator.target('openai'), simulator.target('groq')],
    });
    for (let count = 0; count < 4; count++) {
      await fetch(`${server.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-portkey-config': config },
        body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello' }] }),
      });
    }
    // Smooth turns: a config compiled anew would begin again each time.
    expect(simulator.called().toSorted()).toEqual(['groq', 'groq', 'openai', 'openai']);
  });
});

describe('what a request brings cannot', () => {
  const hosts = () => ({ customHosts: [new URL(simulator.baseUrl('openai')).host] });
  const target = (more: Sent) => ({ provider: 'openai', api_key: 'mine', ...more });
  const within = (more: Sent) => ({ strategy: { mode: 'fallback' }, targets: [target({}), target(more)] });

  it.each<[string, () => Sent, number]>([
    ['reach this machine', () => ({ config: target({ custom_host: 'http://127.0.0.1:1/v1' }) }), 400],
    ['reach this machine by name', () => ({ config: target({ custom_host: 'http://localhost:1/v1' }) }), 400],
    ['reach this machine in another spelling', () => ({ config: target({ customHost: 'http://0x7f.1/' }) }), 400],
    ['reach this machine in IPv6', () => ({ config: target({ custom_host: 'http://[::ffff:7f00:1]/' }) }), 400],
    ['reach a metadata service', () => ({ config: target({ custom_host: 'http://169.254.169.254/' }) }), 400],
    [
      'reach a metadata service by name',
      () => ({ config: target({ custom_host: 'http://metadata.google.internal/' }) }),
      400,
    ],
    ['reach a private network from below', () => ({ config: within({ custom_host: 'http://10.0.0.1/' }) }), 400],
    [
      'reach a private network in the legacy form',
      () => ({ config: { mode: 'single', options: [target({ custom_host: 'http://10.0.0.1/' })] } }),
      400,
    ],
    [
      'reach a private network by a field',
      () => ({ config: target({ provider: 'huggingface', huggingface_base_url: 'http://10.0.0.1/' }) }),
      400,
    ],
    [
      'reach a private network by header',
      () => ({ provider: 'openai', authorization: 'Bearer mine', 'custom-host': 'http://10.0.0.1/' }),
      400,
    ],
    ['reach a file', () => ({ config: target({ custom_host: 'file:///etc/passwd' }) }), 400],
    ['name a virtual key in a config', () => ({ config: { virtual_key: 'openai-prod' } }), 400],
    ['name a virtual key in a config, otherwise spelled', () => ({ config: { virtualKey: 'openai-prod' } }), 400],
    [
      'name a virtual key as a provider',
      () => ({ config: within({ provider: '@openai-prod', api_key: undefined }) }),
      400,
    ],
    [
      'name a virtual key as a model',
      () => ({ config: within({ override_params: { model: '@openai-prod/gpt-4o' } }) }),
      400,
    ],
    [
      'name a virtual key as a default model',
      () => ({ config: { default_params: { model: '@openai-prod/gpt-4o' } } }),
      400,
    ],
    [
      'use a config of the server inside its own',
      () => ({ config: { strategy: { mode: 'single' }, targets: [{ ref: 'pc-groq' }] } }),
      400,
    ],
    [
      'use the identity of the machine on Azure',
      () => ({ config: target({ provider: 'azure-openai', azure_auth_mode: 'managed' }) }),
      400,
    ],
    [
      'use the identity of the machine on Google',
      () => ({ config: target({ provider: 'vertex-ai', vertex_auth_type: 'metadata' }) }),
      400,
    ],
    ['share a cache with others', () => ({ config: target({ cache: { mode: 'simple', scope: 'shared' } }) }), 400],
    [
      'bring a regular expression',
      () => ({
        config: {
          strategy: {
            mode: 'conditional',
            conditions: [{ query: { $or: [{ 'params.user': { $regex: '(a+)+$' } }] }, then: 'a' }],
          },
          targets: [target({ name: 'a' })],
        },
      }),
      400,
    ],
    [
      'send a virtual key to a host of its own',
      () => ({ 'virtual-key': 'openai-prod', 'custom-host': simulator.baseUrl('groq') }),
      400,
    ],
    [
      'send a slug’s key to a host of its own',
      () => ({ provider: '@openai-prod', 'custom-host': simulator.baseUrl('groq') }),
      400,
    ],
    [
      'send the keys of a config to a host of its own',
      () => ({ config: 'pc-groq', 'custom-host': simulator.baseUrl('openai') }),
      403,
    ],
    [
      'send the keys of the default config to a host of its own',
      () => ({ 'custom-host': simulator.baseUrl('groq') }),
      403,
    ],
    [
      'send a virtual key to a resource of its own',
      () => ({ 'virtual-key': 'openai-prod', 'azure-resource-name': 'mine' }),
      400,
    ],
    [
      'send a virtual key to a host in its own config',
      () => ({ config: { custom_host: simulator.baseUrl('groq') }, 'virtual-key': 'openai-prod' }),
      400,
    ],
    [
      'send a virtual key to a resource in its own config',
      () => ({ config: { resource_name: 'mine' }, 'virtual-key': 'openai-prod' }),
      400,
    ],
    ['pass for a target of the server', () => ({ config: { id: 'same' }, 'virtual-key': 'openai-prod' }), 400],
    [
      'reach a private network by a key that configs may get one day',
      () => ({ config: target({ hooks: [{ url: 'http://10.0.0.1/' }] }) }),
      400,
    ],
    [
      'reach a private network by a webhook',
      () => ({ config: target({ input_guardrails: [{ 'default.webhook': { webhookURL: 'http://10.0.0.1/' } }] }) }),
      400,
    ],
    [
      'have patterns looked for',
      () => ({ config: target({ input_guardrails: [{ 'default.regexMatch': { rule: 'a' } }] }) }),
      400,
    ],
    [
      'have patterns looked for in the raw form',
      () => ({
        config: target({
          beforeRequestHooks: [{ checks: [{ id: 'regexReplace', parameters: { rule: 'a', redactText: 'b' } }] }],
        }),
      }),
      400,
    ],
    [
      'have schemas looked at',
      () => ({
        config: target({ output_guardrails: [{ checks: [{ id: 'default.jsonSchema', parameters: { schema: {} } }] }] }),
      }),
      400,
    ],
    ['have its targets asked beside requests', () => ({ config: target({ healthCheck: { interval: 1 } }) }), 400],
    [
      'reach a private network from a model group',
      () => ({ config: { model_groups: { a: target({ custom_host: 'http://10.0.0.1/' }) } } }),
      400,
    ],
    [
      'have an algorithm run',
      () => ({ config: { strategy: { mode: 'loadbalance', algorithm: '() => 0' }, targets: [target({})] } }),
      400,
    ],
    [
      'have two spellings',
      () => ({ config: target({ custom_host: 'https://a.example.com', customHost: 'http://10.0.0.1/' }) }),
      400,
    ],
  ])('%s', async (_what, headers, status) => {
    const answer = await ask(options({ trust: hosts() }), headers());
    expect(answer).toMatchObject({ status, error: { message: expect.stringMatching(/./) } });
    expect(answer.error?.message).not.toContain('mine');
    expect(received()).toEqual([]);
  });

  it('use the keys of the environment with an address of its own', async () => {
    const answer = await ask(options({ trust: hosts() }), {
      provider: 'openai',
      'custom-host': simulator.baseUrl('openai'),
    });
    expect(answer).toMatchObject({ status: 401, error: { code: 'missing_api_key' } });
    const inConfig = await ask(options({ trust: hosts() }), {
      config: { provider: 'openai', custom_host: simulator.baseUrl('openai') },
    });
    expect(inConfig.status).toBe(401);
    expect(received()).toEqual([]);
  });

  it('name a virtual key in the model beside an own config', async () => {
    const answer = await ask(
      options({ trust: hosts() }),
      { config: { retry: { attempts: 1 } } },
      { model: '@openai-prod/gpt-4o' },
    );
    expect(answer.status).toBe(401);
    expect(received()).toEqual([]);
  });
});

describe('trust', () => {
  it('`none` keeps virtual keys and the environment to the server’s own configs', async () => {
    const server = options({ trust: { virtualKeys: 'none' }, config: { virtual_key: 'openai-prod' } });
    expect((await ask(server, { 'virtual-key': 'groq-prod' })).status).toBe(400);
    expect((await ask(server, { provider: '@groq-prod' })).status).toBe(400);
    expect((await ask(server, { provider: 'openai' })).status).toBe(403);
    expect(await ask(server, {}, { model: '@groq-prod/llama' })).toMatchObject({
      status: 403,
      error: { code: 'not_allowed' },
    });
    expect((await ask(server, {}, { model: '@cf/meta/llama' })).status).toBe(200);
    expect(received()).toEqual(['openai vk-of-openai @cf/meta/llama']);
  });

  it('`configs` lets the configs of requests name virtual keys, but never beside a host', async () => {
    const server = options({ trust: { virtualKeys: 'configs', customHosts: 'any' } });
    const named = {
      strategy: { mode: 'fallback' },
      targets: [{ virtual_key: 'openai-prod' }, { provider: '@groq-prod' }],
    };
    simulator.script('openai', [{ status: 500 }]);
    expect((await ask(server, { config: named })).status).toBe(200);
    expect(received()).toEqual(['openai vk-of-openai gpt-4o', 'groq vk-of-groq gpt-4o']);
    const beside = { ...named, custom_host: simulator.baseUrl('groq') };
    expect((await ask(server, { config: beside })).status).toBe(400);
    const { virtual_key: _, ...field } = {
      virtual_key: 'x',
      provider: 'huggingface',
      api_key: 'k',
      huggingface_base_url: simulator.baseUrl('groq'),
    };
    expect((await ask(server, { config: { ...named, targets: [...named.targets, field] } })).status).toBe(400);
    expect(received()).toHaveLength(2);
  });

  it('`none` keeps custom hosts out, `any` lets all of them in', async () => {
    const config = simulator.target('openai');
    expect((await ask(options({ trust: { customHosts: 'none' } }), { config })).status).toBe(400);
    expect((await ask(options({ trust: { customHosts: 'any' } }), { config })).status).toBe(200);
  });

  it('a listed host is let in with its port alone, or with any', async () => {
    const config = simulator.target('openai');
    const { host, hostname } = new URL(simulator.baseUrl('openai'));
    const status = async (customHosts: readonly string[]) =>
      (await ask(options({ trust: { customHosts } }), { config })).status;
    expect([await status([host]), await status([hostname]), await status([`${hostname}:1`])]).toEqual([200, 200, 400]);
  });

  it('where names cannot be looked through, they must be listed', async () => {
    const server = options({ fetch: async () => Response.json({ choices: [] }) });
    const config = { provider: 'openai', api_key: 'k', custom_host: 'https://models.example.com/v1' };
    expect((await ask(server, { config })).error?.message).toContain('cannot see where models.example.com leads');
    expect((await ask({ ...server, trust: { customHosts: ['models.example.com'] } }, { config })).status).toBe(200);
    expect((await ask(server, { config: { ...config, custom_host: 'https://8.8.8.8/v1' } })).status).toBe(200);
  });
});

it('clients with different keys do not share cached answers', async () => {
  const { url } = await served({
    config: simulator.target('openai', { cache: { mode: 'simple' } }),
    keys: ['key-of-client-a', 'key-of-client-b'],
  });
  const status = async (key: string) => {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-portkey-api-key': key },
      body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello' }] }),
    });
    await response.text();
    return response.headers.get('x-portkey-cache-status');
  };
  expect(await status('key-of-client-a')).toBe('MISS');
  expect(await status('key-of-client-a')).toBe('HIT');
  expect(await status('key-of-client-b')).toBe('MISS');
  expect(await status('key-of-client-b')).toBe('HIT');
});

it('one client’s failing targets do not cool another’s', async () => {
  const server = await served({ keys: ['key-of-client-a', 'key-of-client-b'], trust: { customHosts: 'any' } });
  const cooldown = { allowed_fails: 0, exempt_single: false, when_all_open: 'fail' };
  const config = JSON.stringify(simulator.target('openai', { id: 'same', cooldown }));
  const ask = (key: string) =>
    fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-portkey-api-key': key, 'x-portkey-config': config },
      body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello' }] }),
    });
  simulator.script('openai', [{ status: 500 }]);
  expect((await ask('key-of-client-a')).status).toBe(500);
  expect((await ask('key-of-client-a')).status).toBe(429);
  expect((await ask('key-of-client-b')).status).toBe(200);
});
