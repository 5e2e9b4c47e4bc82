import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { ConfigError, Portkey, PortkeyError, type PortkeyEvents, type PortkeyOptions } from '../../src/index.ts';
import { errorOf, fallback, hello, helloStream, simulated, textOf } from '../support/simulated.ts';

const simulator = simulated();
const canary = 'sk-canary-4f1d9';

/** Everything a reader could see of a value: as JSON, as printed, with all that hangs on it. */
function seen(value: unknown): string {
  const shown = inspect(value, { depth: 20, showHidden: true, getters: true });
  return `${JSON.stringify(value)}\n${shown}\n${String(value)}`;
}

const places: readonly (readonly [string, (target: object) => PortkeyOptions])[] = [
  ['api_key of a target', (target) => ({ config: { ...target, api_key: canary } })],
  ['JSON text of a config', (target) => ({ config: JSON.stringify({ ...target, api_key: canary }) })],
  [
    'virtual keys',
    (target) => ({ virtualKeys: { vk: { provider: 'openai', ...target, api_key: canary } }, virtualKey: 'vk' }),
  ],
  [
    'a resolver',
    (target) => ({ vault: async () => ({ provider: 'openai', ...target, api_key: canary }), virtualKey: 'vk' }),
  ],
  ['the environment', (target) => ({ environment: { OPENAI_API_KEY: canary }, config: target })],
  [
    'Authorization',
    (target) => ({ Authorization: `Bearer ${canary}`, provider: 'openai', customHost: customHostOf(target) }),
  ],
  [
    'a fallback',
    (target) => ({
      config: fallback([
        { ...target, api_key: canary },
        { ...target, api_key: canary },
      ]),
    }),
  ],
];

function customHostOf(target: object): string {
  return String((target as { readonly custom_host: unknown }).custom_host);
}

const faults: readonly (readonly [string, object])[] = [
  ['a refused key', { keys: ['another'] }],
  ['a 500', { status: 500 }],
  ['an unreadable reply', { html: true }],
  ['a reset', { reset: 'before-headers' }],
  ['a cut stream', { cutAfterChunks: 4 }],
];

it.each(places)('shows no key given by %s, in whatever way a call ends', async (_, write) => {
  const { api_key: _key, ...target } = simulator.target('openai');
  const portkey = new Portkey({ environment: {}, ...write(target) });
  const events: unknown[] = [];
  const names: readonly (keyof PortkeyEvents)[] = [
    'request-start',
    'attempt-start',
    'attempt-end',
    'fallback',
    'request-end',
    'warning',
  ];
  for (const name of names) portkey.on(name, (event) => void events.push(event));
  const ended = async (call: () => PromiseLike<unknown>) => {
    try {
      return await call();
    } catch (error) {
      return error;
    }
  };
  const results: unknown[] = [await portkey.chat.completions.create(hello).withResponse()];
  for (const [, behaviour] of faults) {
    simulator.behave('openai', behaviour);
    results.push(await ended(() => portkey.chat.completions.create(hello)));
    results.push(await ended(async () => textOf(await portkey.chat.completions.create(helloStream))));
  }
  expect(simulator.requests('openai').every((request) => request.key === canary)).toBe(true);
  expect(results.filter((result) => result instanceof PortkeyError).length).toBeGreaterThan(6);
  expect(events.length).toBeGreaterThan(20);
  for (const value of [portkey, ...results, ...events, await portkey.models.list()])
    expect(seen(value)).not.toContain('canary');
});

it('hands on what a provider says, but for a key that it repeats', async () => {
  simulator.behave('openai', { status: 401, body: { error: { message: `Incorrect API key provided: ${canary}.` } } });
  const error = await errorOf(
    simulator.client(simulator.target('openai', { api_key: canary })).chat.completions.create(hello),
    PortkeyError,
  );
  expect(error.message).toBe('401 Incorrect API key provided: [redacted].');
});

const chunk = (delta: object) =>
  `data: ${JSON.stringify({ id: '1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta }] })}\n\n`;
const echo = JSON.stringify({
  error: {
    message: `Refused: Authorization: Bearer ${canary}`,
    type: 'x',
    code: canary,
    headers: [`Bearer ${canary}`],
  },
});

it.each<[string, string, string, string]>([
  ['in the middle of a stream', 'text/event-stream', `${chunk({ content: 'hi' })}data: ${echo}\n\n`, 'Refused'],
  ['at the beginning of a stream', 'text/event-stream', `data: ${echo}\n\n`, 'Refused: Authorization: Bearer '],
  ['in a line of a stream that is not JSON', 'text/event-stream', `data: <b>${canary}</b>\n\n`, '<b>'],
  ['in place of a stream', 'application/json', echo, 'Refused'],
  ['on a page in place of a stream', 'text/html', `<b>${canary}</b>`, '<b>'],
])('takes a key that a provider repeats out of an error %s', async (_, type, text, said) => {
  const events: unknown[] = [];
  const portkey = new Portkey({
    environment: {},
    config: { provider: 'openai', api_key: canary },
    fetch: async () => new Response(text, { headers: { 'content-type': type } }),
  });
  for (const name of ['attempt-end', 'request-end'] as const) portkey.on(name, (event) => events.push(event));
  const read = async () => textOf(await portkey.chat.completions.create(helloStream));
  const error = await errorOf(read(), PortkeyError);
  expect(error.message).toMatch(new RegExp(`${said}.*\\[redacted\\]`));
  expect(seen([error, events, error.stack])).not.toContain('canary');
});

it('takes a key that a provider repeats out of an error in place of a whole reply', async () => {
  for (const text of [echo, `<b>${canary}</b>`]) {
    const portkey = new Portkey({
      environment: {},
      config: { provider: 'openai', api_key: canary },
      fetch: async () => new Response(text, { headers: { 'content-type': 'application/json' } }),
    });
    const error = await errorOf(portkey.chat.completions.create(hello), PortkeyError);
    expect(error.message).toContain('[redacted]');
    expect(seen(error)).not.toContain('canary');
  }
});

it.each<[string, PortkeyOptions]>([
  ['beside an unknown key', { config: { provider: 'openai', api_key: canary, x: 1 } as object }],
  ['of the wrong type around it', { config: { provider: 'openai', api_key: [canary] } as object }],
  ['beside targets', { config: fallback([{ provider: 'openai' }], {}, { api_key: canary }) }],
  ['of nobody', { config: fallback([{ api_key: canary }]) }],
  ['in a virtual key of an unknown provider', { virtualKeys: { vk: { provider: 'opnai', api_key: canary } } }],
  ['as a bare virtual key', { virtualKeys: { vk: canary as never } }],
  ['given twice', { config: { provider: 'openai', api_key: canary, apiKey: canary } as object }],
  ['with a line break, as Authorization', { provider: 'openai', Authorization: `Bearer ${canary}\n` }],
])('does not repeat a key %s when it refuses options', (_, options) => {
  let error: unknown;
  try {
    new Portkey({ environment: {}, ...options });
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(ConfigError);
  expect(seen(error)).not.toContain('canary');
});

it('does not repeat a key that HTTP cannot carry', async () => {
  const portkey = simulator.client(simulator.target('openai', { api_key: `${canary}\nx` }));
  const error = await errorOf(portkey.chat.completions.create(hello), PortkeyError);
  expect(seen(error)).not.toContain('canary');
});
