import { expect, it } from 'vitest';
import { givesOption } from '../../src/config/option-names.ts';
import { ConfigError, Portkey } from '../../src/index.ts';
import { errorOf, fallback, hello, simulated } from '../support/simulated.ts';

const simulator = simulated();

function issuesOf(options: object): readonly string[] {
  try {
    new Portkey({ environment: {}, ...options });
  } catch (error) {
    if (error instanceof ConfigError) return error.issues.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

it.each([
  [{ traceID: 't' }],
  [{ traceId: 't' }],
  [{ trace_id: 't' }],
  [{ virtualKey: 'v' }],
  [{ virtual_key: 'v' }],
  [{ customHost: 'http://h/v1', custom_host: undefined }],
  [{ strictOpenAiCompliance: true }],
  [{ strict_open_ai_compliance: true }],
  [{ azureResourceName: 'r', azure_deployment_id: 'd', provider: 'azure-openai' }],
  [{ apiKey: null, baseURL: undefined }],
])('accepts %j', (options) => {
  expect(issuesOf(options)).toEqual([]);
});

it.each<[object, readonly string[]]>([
  [{ traceID: 'a', trace_id: 'b' }, ['options.trace_id: Given twice, as "traceID" and as "trace_id". Keep one.']],
  [
    { virtual_key: 'a', virtualKey: 'a' },
    ['options.virtualKey: Given twice, as "virtual_key" and as "virtualKey". Keep one.'],
  ],
  [{ virtualKye: 'a' }, ['options.virtualKye: Unknown option. Did you mean "virtualKey"?']],
  [{ configg: {} }, ['options.configg: Unknown option. Did you mean "config"?']],
  [
    { maxRetries: 2 },
    ['options.maxRetries: Not supported: portkey-ai ignores it too; write "retry": { "attempts": n } in the config.'],
  ],
  [{ awsS3Bucket: 'b' }, ['options.awsS3Bucket: Only a gateway does this: it needs "baseURL".']],
  [{ requestTimeout: -1 }, ['options.requestTimeout: Too small: expected number to be >0.']],
  [{ customHost: 'nowhere' }, ['options.customHost: Invalid URL.']],
  [{ metadata: 5 }, ['metadata: Must be an object such as { "_user": "u-1" }.']],
])('refuses %j', (options, issues) => {
  expect(issuesOf(options)).toEqual(issues);
});

it('refuses the same of a single call, and what only the client takes', async () => {
  const portkey = simulator.client(simulator.target('openai'));
  const call = { traceID: 'a', trace_id: 'b', virtualKeys: {}, metdata: {} };
  const error = await errorOf(portkey.chat.completions.create(hello, call as object), ConfigError);
  expect(error.issues).toEqual([
    { path: 'params.trace_id', message: 'Given twice, as "traceID" and as "trace_id". Keep one.' },
    { path: 'params.virtualKeys', message: 'Only the client takes this option, not a single call.' },
    { path: 'params.metdata', message: 'Unknown option. Did you mean "metadata"?' },
  ]);
  expect(simulator.called()).toEqual([]);
});

it.each(['traceID', 'traceId', 'trace_id'])('reads %s of client and call', async (name) => {
  const portkey = simulator.client(simulator.target('openai'), { [name]: 'client' });
  const reply = await portkey.chat.completions.create(hello);
  const other = await portkey.chat.completions.create(hello, { [name]: 'call' });
  expect([reply, other].map((value) => value.getHeaders()['trace-id'])).toEqual(['client', 'call']);
});

it.each<[string, object, object, object, string]>([
  ['the client’s, where the target has none', {}, { customHost: 'client' }, {}, 'client'],
  ['the call’s over the client’s', {}, { customHost: 'client' }, { customHost: 'call' }, 'call'],
  ['the target’s over both', { custom_host: 'target' }, { customHost: 'client' }, { customHost: 'call' }, 'target'],
])('customHost: %s', async (...[, target, options, params, expected]) => {
  const addressed = (given: object) =>
    Object.fromEntries(Object.entries(given).map(([key, name]) => [key, simulator.baseUrl(String(name))]));
  const config = fallback([{ provider: 'openai', api_key: 'k', ...addressed(target) }]);
  await simulator.client(config, addressed(options)).chat.completions.create(hello, addressed(params));
  expect(simulator.called()).toEqual([expected]);
});

it('forwards headers as the call says, else the target, else the client', async () => {
  const headers = { 'x-a': '1', 'x-b': '2', 'x-c': '3', authorization: 'Bearer stolen' };
  const send = (target: object, params: object) =>
    simulator
      .client(simulator.target('openai', target as never), { forwardHeaders: ['x-a', 'Authorization'] })
      .chat.completions.create(hello, params, { headers });
  await send({}, {});
  await send({ forward_headers: ['x-b'] }, {});
  await send({ forward_headers: ['x-b'] }, { forwardHeaders: ['X-C'] });
  const seen = simulator.requests('openai').map(({ headers: given }) => [given['x-a'], given['x-b'], given['x-c']]);
  expect(seen).toEqual([
    ['1', undefined, undefined],
    [undefined, '2', undefined],
    [undefined, undefined, '3'],
  ]);
  expect(new Set(simulator.requests('openai').map((request) => request.key))).toEqual(new Set(['key-of-openai']));
});

it('asks whom the options name: the call’s before the client’s, each with its own key', async () => {
  const base = simulator.baseUrl('openai');
  const portkey = new Portkey({
    environment: {},
    provider: 'openai',
    Authorization: 'Bearer client',
    customHost: base,
  });
  await portkey.chat.completions.create(hello);
  await portkey.chat.completions.create(hello, { Authorization: 'call' });
  const error = await errorOf(portkey.chat.completions.create(hello, { provider: 'groq' }), Error);
  expect(simulator.requests().map((request) => request.key)).toEqual(['client', 'call']);
  expect(error).toMatchObject({ status: 401 });
});

it('knows a gateway by its option in whatever spelling', () => {
  for (const key of ['baseURL', 'baseUrl', 'base_url', 'BaseURL']) {
    expect(givesOption({ [key]: 'https://gateway' }, 'baseURL')).toBe(true);
    expect(givesOption({ [key]: undefined }, 'baseURL')).toBe(false);
  }
});
