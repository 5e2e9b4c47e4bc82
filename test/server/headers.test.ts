import { expect, it } from 'vitest';
import type { ServerOptions } from '../../src/server/index.ts';
import { served } from '../support/served.ts';
import { simulated } from '../support/simulated.ts';

const simulator = simulated();

/** Sends headers as they are; tells status, headers and body of the response, and the facts of the request as events tell them. */
async function ask(options: ServerOptions, headers: Record<string, string> = {}, body: object = {}) {
  const server = await served(options);
  const facts: { traceId: string; metadata: object }[] = [];
  server.on('request-start', ({ traceId, metadata }) => facts.push({ traceId, metadata }));
  const response = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }], ...body }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: JSON.parse(text),
    facts: facts[0],
    url: server.url,
  };
}

const simple = () => ({ config: simulator.target('openai') });

it('the trace ID is the caller’s, else that of its trace, else a new one', async () => {
  const trace = '0af7651916cd43dd8448eb211c80319c';
  const traceparent = `00-${trace}-b7ad6b7169203331-01`;
  const given = await ask(simple(), { 'x-portkey-trace-id': 'mine', traceparent });
  const traced = await ask(simple(), { traceparent });
  const fresh = await ask(simple());
  expect([given, traced].map(({ headers, facts }) => [headers['x-portkey-trace-id'], facts?.traceId])).toEqual([
    ['mine', 'mine'],
    [trace, trace],
  ]);
  expect(fresh.facts?.traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(fresh.headers['x-portkey-trace-id']).toBe(fresh.facts?.traceId);
});

it('metadata comes from its header, then from baggage, and `user` of the body is `_user`', async () => {
  const headers = { 'x-portkey-metadata': '{"team":"blue","age":3}', baggage: 'team=red,city=S%C3%A3o;prop=1, bad' };
  expect((await ask(simple(), headers, { user: 'u-1' })).facts?.metadata).toEqual({
    _user: 'u-1',
    team: 'blue',
    age: '3',
    city: 'São',
  });
  const named = { 'x-portkey-metadata': '{"_user":"u-2"}' };
  expect((await ask(simple(), named, { user: 'u-1' })).facts?.metadata).toEqual({ _user: 'u-2' });
});

it('conditions see the metadata', async () => {
  const target = (name: string, provider: string) => simulator.target(provider, { name });
  const config = {
    strategy: {
      mode: 'conditional' as const,
      conditions: [{ query: { 'metadata.plan': { $eq: 'paid' } }, then: 'paid' }],
      default: 'free',
    },
    targets: [target('paid', 'openai'), target('free', 'groq')],
  };
  await ask({ config }, { 'x-portkey-metadata': '{"plan":"paid"}' });
  await ask({ config });
  expect(simulator.called()).toEqual(['openai', 'groq']);
});

it('says which target answered after how many retries', async () => {
  const targets = [
    simulator.target('openai', { retry: { attempts: 1 } }),
    simulator.target('groq', { retry: { attempts: 1 } }),
  ];
  simulator.script('openai', [{ status: 500, headers: { 'retry-after-ms': '1' } }, { status: 500 }]);
  simulator.script('groq', [{ status: 429, headers: { 'retry-after-ms': '1' } }]);
  const retry = { attempts: 1, use_retry_after_header: true };
  const config = { strategy: { mode: 'fallback' as const }, targets: targets.map((target) => ({ ...target, retry })) };
  expect((await ask({ config })).headers).toMatchObject({
    'x-portkey-last-used-option-index': 'config.targets[1]',
    'x-portkey-provider': 'groq',
    'x-portkey-retry-attempt-count': '1',
    'x-portkey-cache-status': 'DISABLED',
  });
  simulator.behave('openai', { status: 500, headers: { 'retry-after-ms': '1' } });
  const failed = await ask({ config: { ...simulator.target('openai'), retry } });
  expect(failed).toMatchObject({
    status: 500,
    headers: {
      'x-portkey-retry-attempt-count': '-1',
      'x-portkey-last-used-option-index': 'config',
      'x-should-retry': 'false',
    },
  });
});

it('the provider’s own headers come along, but for those of its connection', async () => {
  simulator.script('openai', [
    { headers: { 'x-ratelimit-remaining-requests': '9', 'openai-version': '2020-10-01', 'alt-svc': 'h3=":443"' } },
  ]);
  const { headers } = await ask(simple());
  expect(headers).toMatchObject({ 'x-ratelimit-remaining-requests': '9', 'openai-version': '2020-10-01' });
  expect(headers['x-request-id']).toMatch(/^req_/);
  expect(headers['alt-svc']).toBeUndefined();
});

it('request-timeout bounds an attempt', async () => {
  simulator.behave('openai', { silent: true });
  expect(await ask(simple(), { 'x-portkey-request-timeout': '30' })).toMatchObject({
    status: 408,
    body: { error: { type: 'timeout_error', message: expect.stringContaining('30 ms') } },
  });
});

it('forward-headers hands on what it names', async () => {
  await ask(simple(), {
    'x-portkey-forward-headers': 'x-mine, X-Other',
    'x-mine': '1',
    'x-other': '2',
    'x-third': '3',
  });
  const { headers = {} } = simulator.requests('openai')[0] ?? {};
  expect([headers['x-mine'], headers['x-other'], headers['x-third']]).toEqual(['1', '2', undefined]);
});

it('cache headers: a namespace of its own, and a fresh answer', async () => {
  const server = await served({ config: simulator.target('openai', { cache: { mode: 'simple' } }) });
  const status = async (headers: Record<string, string> = {}) => {
    const response = await fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] }),
    });
    await response.text();
    return response.headers.get('x-portkey-cache-status');
  };
  expect([await status(), await status()]).toEqual(['MISS', 'HIT']);
  expect(await status({ 'x-portkey-cache-namespace': 'mine' })).toBe('MISS');
  expect(await status({ 'x-portkey-cache-force-refresh': 'true' })).toBe('REFRESH');
  expect(await status({ 'x-portkey-cache-force-refresh': 'false' })).toBe('HIT');
  expect(await status({ 'x-portkey-cache-refresh': 'true' })).toBe('REFRESH');
});

it('strict-open-ai-compliance decides over what goes beyond OpenAI’s shape', async () => {
  const config = simulator.target('anthropic');
  const content = async (strict: string) => {
    simulator.script('anthropic', [{ reasoning: 'Let me think', text: 'So.' }]);
    const { body } = await ask({ config }, { 'x-portkey-strict-open-ai-compliance': strict }, { max_tokens: 9 });
    return Object.keys(body.choices[0].message).toSorted();
  };
  expect(await content('true')).not.toContain('content_blocks');
  expect(await content('false')).toContain('content_blocks');
});

it.each([
  [{ 'x-portkey-trase-id': 'x' }, 'x-portkey-trace-id'],
  [{ 'x-portkey-strict-open-ai-compliance': 'yes' }, 'true'],
  [{ 'x-portkey-request-timeout': 'soon' }, 'requestTimeout'],
  [{ 'x-portkey-provider': 'opnai', authorization: 'Bearer k' }, 'openai'],
  [{ 'x-portkey-config': 'pc-missing' }, 'pc-missing'],
])('%j is refused, and the message says what would be right', async (headers, hint) => {
  const answer = await ask(simple(), headers as Record<string, string>);
  expect(answer).toMatchObject({ status: 400, body: { error: { message: expect.stringContaining(hint) } } });
});

it('the headers of Portkey’s SDK and of the hosted product do no harm', async () => {
  const headers = {
    'x-portkey-package-version': 'portkey-3.1.0',
    'x-portkey-runtime': 'node',
    'x-portkey-runtime-version': 'v24',
    'x-portkey-debug': 'false',
    'x-portkey-span-id': 's',
    'x-portkey-parent-span-id': 'p',
    'x-portkey-span-name': 'n',
    'x-portkey-sensitive-headers': 'x',
    'x-stainless-lang': 'js',
  };
  expect((await ask(simple(), headers)).status).toBe(200);
});

it('the headers of Portkey’s first API: mode, retry count and cache', async () => {
  const options = {
    environment: {},
    virtualKeys: { 'openai-prod': { provider: 'openai', api_key: 'vk', custom_host: simulator.baseUrl('openai') } },
  };
  simulator.script('openai', [{ status: 500, headers: { 'retry-after-ms': '1' } }]);
  const legacy = { 'x-portkey-retry-count': '2', 'x-portkey-cache': 'simple' };
  const answer = await ask(options, { ...legacy, 'x-portkey-virtual-key': 'openai-prod' });
  expect(answer).toMatchObject({
    status: 200,
    headers: { 'x-portkey-retry-attempt-count': '1', 'x-portkey-cache-status': 'MISS' },
  });
  const named = await ask({ ...options, configs: { 'pc-a': {} } }, { ...legacy, 'x-portkey-config': 'pc-a' });
  expect(named).toMatchObject({ status: 400, body: { error: { param: 'x-portkey-retry-count' } } });
  const hosts = { trust: { customHosts: 'any' as const } };
  const mode = {
    'x-portkey-mode': 'proxy openai',
    authorization: 'Bearer mine',
    'x-portkey-custom-host': simulator.baseUrl('openai'),
  };
  expect((await ask(hosts, mode)).status).toBe(200);
  expect(simulator.requests('openai').at(-1)?.key).toBe('mine');
  expect((await ask(hosts, { ...mode, 'x-portkey-mode': 'single' })).status).toBe(400);
});

it('the headers of LiteLLM’s proxy, on request', async () => {
  const targets = [simulator.target('openai'), simulator.target('groq', { id: 'groq-1' })];
  const config = { strategy: { mode: 'fallback' as const }, targets };
  simulator.script('openai', [{ status: 500 }]);
  simulator.script('groq', [{ headers: { 'x-ratelimit-remaining-requests': '9' } }]);
  const { headers } = await ask({ config, compat: 'litellm' });
  expect(headers).toMatchObject({
    'x-litellm-call-id': expect.stringMatching(/./),
    'x-litellm-model-id': 'groq-1',
    'x-litellm-model-group': 'gpt-4o',
    'x-litellm-attempted-retries': '0',
    'x-litellm-attempted-fallbacks': '1',
    'x-litellm-response-duration-ms': expect.stringMatching(/^\d/),
    'x-litellm-overhead-duration-ms': expect.stringMatching(/^\d/),
    'llm_provider-x-ratelimit-remaining-requests': '9',
  });
  // The cost is told to everybody.
  const others = Object.keys((await ask(simple())).headers).filter((name) => name.startsWith('x-litellm'));
  expect(others.filter((name) => name !== 'x-litellm-response-cost')).toEqual([]);
});

it('LiteLLM’s headers count tries within a group as retries, and name the group that answered', async () => {
  const group = (...providers: string[]) => ({
    strategy: { mode: 'loadbalance' as const, algorithm: 'round_robin' as const, failover: true },
    targets: providers.map((provider) => simulator.target(provider)),
  });
  const config = {
    model_groups: { 'gpt-4o': group('openai', 'groq'), 'the "spare"': group('xai') },
    fallbacks: { 'gpt-4o': ['the "spare"'] },
  };
  for (const provider of ['openai', 'groq']) simulator.behave(provider, { status: 500 });
  const { status, headers } = await ask({ config, compat: 'litellm' });
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    'x-litellm-model-group': 'the "spare"',
    'x-litellm-attempted-retries': '1',
    'x-litellm-attempted-fallbacks': '1',
  });
});
