import { expect, it, onTestFinished } from 'vitest';
import { ConfigError, ConfigNotFoundError, type Portkey, type PortkeyOptions } from '../../src/index.ts';
import { startHttp } from '../providers/transport/servers.ts';
import { manualClock } from '../support/manual-clock.ts';
import { errorOf, fallback, hello, simulated } from '../support/simulated.ts';

const simulator = simulated();
const openai = (name: string, more: object = {}) => ({ ...simulator.target(name), provider: 'openai', ...more });

/** Who answers one call. */
async function asked(portkey: Portkey, params: object = {}): Promise<readonly string[]> {
  const before = simulator.called().length;
  await portkey.chat.completions.create(hello, params);
  return simulator.called().slice(before);
}

/** Rejections nobody handled while `act` ran and a moment after. */
async function unhandledDuring(act: () => unknown): Promise<readonly unknown[]> {
  const unhandled: unknown[] = [];
  const listeners = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  const note = (reason: unknown) => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  onTestFinished(() => {
    process.off('unhandledRejection', note);
    for (const listener of listeners) process.on('unhandledRejection', listener);
  });
  await act();
  await new Promise((resolve) => setTimeout(resolve, 5));
  return unhandled;
}

it('finds configs in a map, for the client and for one call, refs inside with their weight', async () => {
  const configs = {
    'pc-main': {
      strategy: { mode: 'loadbalance' as const },
      targets: [
        { ref: 'pc-a', weight: 3 },
        { ref: 'pc-b', weight: 1 },
      ],
    },
    'pc-a': openai('a', { weight: 100 }),
    'pc-b': { mode: 'fallback', options: [openai('b')] },
  };
  const portkey = simulator.client('pc-main', { configs });
  for (let call = 0; call < 8; call++) await portkey.chat.completions.create(hello);
  expect(['a', 'b'].map((name) => simulator.requests(name).length)).toEqual([6, 2]);
  expect(await asked(portkey, { config: 'pc-b' })).toEqual(['b']);
});

it.each<[string, PortkeyOptions, string]>([
  [
    'a config that cannot work',
    { configs: { 'pc-x': { provider: 'opnai' } } },
    'configs["pc-x"].provider: Unknown provider "opnai"',
  ],
  [
    'configs that refer to each other in a circle',
    { configs: { 'pc-a': { ref: 'pc-b' }, 'pc-b': fallback([{ ref: 'pc-a' }]) } },
    'circle: pc-a -> pc-b -> pc-a',
  ],
  ['a config that refers to itself', { configs: { 'pc-a': fallback([{ ref: 'pc-a' }]) } }, 'circle: pc-a -> pc-a'],
  [
    'a ref to nowhere',
    { configs: { 'pc-main': { provider: 'openai' }, 'pc-b': { ref: 'pc-mian' } } },
    'Did you mean "pc-main"?',
  ],
  ['an unknown ID', { config: 'pc-mian', configs: { 'pc-main': { provider: 'openai' } } }, 'Did you mean "pc-main"?'],
  ['an ID that cannot be one', { configs: { '../x': { provider: 'openai' } } }, 'contains a path separator'],
  [
    'a key beside a ref',
    { configs: { a: { provider: 'openai' }, b: { ref: 'a', retry: { attempts: 1 } } } },
    'Cannot stand beside "ref"',
  ],
])('refuses %s at construction', (_, options, message) => {
  expect(() => simulator.client(options.config, options)).toThrow(message);
});

it('names the nearest ID when a call asks for one that does not exist', async () => {
  const portkey = simulator.client(openai('a'), { configs: { 'pc-main': openai('b') } });
  const error = await errorOf(portkey.chat.completions.create(hello, { config: 'pc-mian' }), ConfigNotFoundError);
  expect(error.message).toBe('Config "pc-mian" does not exist. Did you mean "pc-main"?');
});

it('says that configs cannot be looked up without "configs"', async () => {
  const portkey = simulator.client('pc-main');
  await expect(portkey.chat.completions.create(hello)).rejects.toThrow('the client has no "configs"');
});

it('asks a resolver once for fifty calls at a time', async () => {
  const ids: string[] = [];
  const configs = async (id: string) => {
    ids.push(id);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return { 'pc-main': fallback([{ ref: 'pc-a' }]), 'pc-a': openai('a') }[id];
  };
  const portkey = simulator.client('pc-main', { configs });
  await Promise.all(Array.from({ length: 50 }, () => portkey.chat.completions.create(hello)));
  expect([ids, simulator.requests('a').length]).toEqual([['pc-main', 'pc-a'], 50]);
});

it('rejects the calls, and nothing else, when a lookup fails', async () => {
  const broken = async () => {
    throw new Error('postgres://user:canary@db is down');
  };
  for (const [config, options] of [
    ['pc-main', { configs: broken }],
    [fallback([{ ref: 'pc-a' }, { ref: 'pc-b' }]), { configs: broken }],
    [fallback([{ ref: 'pc-a' }]), { configs: async () => undefined }],
    [fallback([{ ref: 'pc-a' }]), {}],
  ] as const) {
    let error: Error | undefined;
    const unhandled = await unhandledDuring(async () => {
      const portkey = simulator.client(config as never, options);
      await new Promise((resolve) => setTimeout(resolve, 1));
      error = await errorOf(portkey.chat.completions.create(hello), Error);
    });
    expect(unhandled).toEqual([]);
    expect(error?.message).toMatch(/Config "pc-|There is no config "pc-a"/);
    expect(error?.message).not.toContain('canary');
  }
});

it('follows a changed answer of a resolver, and keeps the last good config through a broken one', async () => {
  const clock = manualClock();
  let answer: unknown = openai('a');
  const warnings: string[] = [];
  const portkey = simulator.client('pc-main', { configs: async () => answer, clock });
  portkey.on('warning', ({ code, message }) => warnings.push(`${code}: ${message}`));
  const afterAMinute = async () => {
    clock.advance(61_000);
    await asked(portkey);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return asked(portkey);
  };
  expect(await asked(portkey)).toEqual(['a']);
  answer = openai('b');
  expect(await afterAMinute()).toEqual(['b']);
  answer = { provider: 'opnai' };
  expect(await afterAMinute()).toEqual(['b']);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(
    /^config_reload: Config "pc-main" changed into a broken one; the last good version stays/,
  );
  answer = openai('c');
  expect(await afterAMinute()).toEqual(['c']);
});

it('fetches configs from a gateway that keeps them, as Portkey answers', async () => {
  const requests: unknown[] = [];
  const server = await startHttp((request, response) => {
    requests.push([request.url, request.headers['x-portkey-api-key']]);
    const config = { '/v1/configs/pc-main': JSON.stringify(fallback([openai('a')])) }[request.url ?? ''];
    response.writeHead(config === undefined ? 404 : 200, { 'content-type': 'application/json' });
    const data = { id: '1', slug: 'pc-main', name: 'Main', is_default: 1, config, version_id: 'v1' };
    response.end(JSON.stringify(config === undefined ? { success: false } : { success: true, data }));
  });
  const portkey = simulator.client('pc-main', { configs: { baseURL: `${server.base}/v1`, apiKey: 'pk-1' } });
  expect([await asked(portkey), await asked(portkey)]).toEqual([['a'], ['a']]);
  expect(requests).toEqual([['/v1/configs/pc-main', 'pk-1']]);
  await expect(portkey.chat.completions.create(hello, { config: 'pc-other' })).rejects.toThrow(
    'Config "pc-other" does not exist.',
  );
});

it('refuses text that is no JSON without repeating it, wherever the mistake stands', async () => {
  for (const text of [
    '{"provider":"openai","api_key":"sk-canary"x}',
    '{"provider":"openai","api_key":sk-canary}',
    '{"provider":"openai","api_key":"sk-canary"',
  ]) {
    expect(() => simulator.client(text)).toThrow(ConfigError);
    expect(() => simulator.client(text)).toThrow(/\$: Not valid JSON: line 1, column \d+/);
    expect(() => simulator.client(text)).not.toThrow(/canary/);
  }
});
