import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Portkey, type PortkeyOptions, type VirtualKeyCreateParams } from 'modelmux';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { providerDirectory } from '../../src/config/vaults.ts';
import {
  BudgetExceededError,
  CapacityError,
  ConfigError,
  InvalidRequestError,
  VirtualKeyError,
} from '../../src/index.ts';
import { openVaultFile } from '../../src/vault/file.ts';
import { errorOf, hello, simulated } from '../support/simulated.ts';

const simulator = simulated();
const passphrase = 'correct horse';
let folder: string;
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelmux-key-limits-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const prices = { 'openai/gpt-4o': { request: 0.4, input: 0, output: 0 } };

/** A client over a vault file with the virtual key `limited`, and one without limits as the place to go on to. */
async function client(limits: Partial<VirtualKeyCreateParams>, options: PortkeyOptions = {}) {
  const file = join(folder, `keys-${++files}.vault`);
  const cost = { log2N: 4, r: 1, p: 1 };
  await openVaultFile({ path: file, passphrase, create: true, providers: providerDirectory, cost }).then((vault) =>
    vault.add('backup', { provider: 'groq', api_key: 'key-of-backup', custom_host: simulator.baseUrl('groq') }),
  );
  const vault = { file, passphrase };
  const config = { strategy: { mode: 'fallback' }, targets: [{ virtual_key: 'limited' }, { virtual_key: 'backup' }] };
  const open = () => {
    const portkey = simulator.client(config as never, { vault, prices, priceList: false, ...options });
    onTestFinished(() => portkey.close());
    return portkey;
  };
  const portkey = open();
  await portkey.virtualKeys.create({
    name: 'limited',
    provider: 'openai',
    key: 'sk-secret-of-limited-1234',
    custom_host: simulator.baseUrl('openai'),
    ...limits,
  });
  return { portkey, open };
}

const alone = { virtualKey: 'limited' };

it('a rate limit of a virtual key is heeded by every target that uses it, and the tree goes on', async () => {
  const { portkey } = await client({ rate_limits: [{ type: 'requests', unit: 'rph', value: 2 }] });
  for (let call = 0; call < 4; call++) await portkey.chat.completions.create(hello);
  expect(simulator.called()).toEqual(['openai', 'openai', 'groq', 'groq']);
  const error = await errorOf(portkey.chat.completions.create(hello, alone), CapacityError);
  expect(error.message).toContain('rate_limit of virtual key limited, 2 requests per 1h0m0s, is used up');
  expect(error.headers?.['retry-after']).toBeDefined();
  const named = { ...hello, model: '@limited/gpt-4o' };
  await expect(portkey.chat.completions.create(named, { provider: 'openai' })).rejects.toThrow(CapacityError);
  expect(portkey.state().flatMap(({ limits = [] }) => limits)).toMatchObject([
    { of: 'requests', limit: 2, used: 2, remaining: 0, guards: 'virtual key limited' },
  ]);
});

it('what tokens a virtual key may use at a time, and altogether, is heeded', async () => {
  const rates = await client({ rate_limits: [{ type: 'tokens', unit: 'rph', value: 40 }] });
  await rates.portkey.chat.completions.create({ ...hello, max_tokens: 30 });
  await rates.portkey.chat.completions.create({ ...hello, max_tokens: 30 });
  expect(simulator.called()).toEqual(['openai', 'groq']);
  const all = await client({ usage_limits: { credit_limit: 40, type: 'tokens' } });
  await all.portkey.chat.completions.create({ ...hello, max_tokens: 30 });
  const error = await errorOf(
    all.portkey.chat.completions.create({ ...hello, max_tokens: 30 }, alone),
    BudgetExceededError,
  );
  expect(error.message).toMatch(
    /^429 The budget of 40 tokens per all time for virtual_key=limited at usage_limits has no room: \d+ tokens spent/,
  );
});

it('what a virtual key may cost is heeded by every client, and told once at its threshold', async () => {
  const { portkey } = await client({
    usage_limits: { credit_limit: 1, alert_threshold: 0.8, periodic_reset: 'monthly' },
  });
  const warnings: string[] = [];
  portkey.on('warning', ({ code, message }) => code === 'budget' && warnings.push(message));
  for (let call = 0; call < 4; call++) await portkey.chat.completions.create(hello);
  expect(simulator.called()).toEqual(['openai', 'openai', 'groq', 'groq']);
  expect(warnings).toEqual([
    'Virtual key "limited" has used 0.8 USD of the 1 USD per month that it may: its alert_threshold is 0.8 USD.',
  ]);
  const error = await errorOf(portkey.chat.completions.create(hello, alone), BudgetExceededError);
  expect(error.message).toContain('The budget of 1 USD per month for virtual_key=limited at usage_limits has no room');
  expect(portkey.state().flatMap(({ budgets = [] }) => budgets)).toMatchObject([
    { path: 'usage_limits', of: 'virtual_key=limited', period: 'month', amountUsd: 1, spentUsd: 0.8 },
  ]);
});

it('a model whose price nobody knows is not asked for with a key that may cost only so much', async () => {
  const { portkey } = await client({ usage_limits: { credit_limit: 1 } });
  const unknown = portkey.chat.completions.create({ ...hello, model: 'of-nobody' }, alone);
  await expect(unknown).rejects.toThrow('of-nobody');
  expect(simulator.called()).toEqual([]);
});

it('changes reach every client that runs, and forget nothing of what was used', async () => {
  const { portkey, open } = await client({ rate_limits: [{ type: 'requests', unit: 'rph', value: 1 }] });
  const other = open();
  await portkey.chat.completions.create(hello);
  await other.chat.completions.create(hello);
  await other.chat.completions.create(hello);
  expect(simulator.called()).toEqual(['openai', 'openai', 'groq']);
  await portkey.virtualKeys.update({ slug: 'limited', rate_limits: [{ type: 'requests', unit: 'rph', value: 2 }] });
  const asked = async () => {
    await other.chat.completions.create(hello);
    return simulator.called().filter((provider) => provider === 'openai');
  };
  await expect.poll(asked, { interval: 200 }).toHaveLength(3);
  await other.chat.completions.create(hello);
  expect(simulator.called().at(-1)).toBe('groq');
  await portkey.virtualKeys.update({ slug: 'limited', rate_limits: null });
  await portkey.chat.completions.create(hello);
  await portkey.chat.completions.create(hello);
  expect(simulator.called().slice(-2)).toEqual(['openai', 'openai']);
});

it('a loadbalance passes over a key that has used up its limits, and comes back to one that was raised', async () => {
  const { portkey } = await client({ rate_limits: [{ type: 'requests', unit: 'rpd', value: 1 }] });
  const balanced = {
    strategy: { mode: 'loadbalance', algorithm: 'round_robin' },
    targets: [{ virtual_key: 'limited' }, { virtual_key: 'backup' }],
  };
  const ask = () => portkey.chat.completions.create(hello, { config: balanced as never });
  for (let call = 0; call < 6; call++) await ask();
  expect(simulator.called().filter((provider) => provider === 'openai')).toHaveLength(1);
  await portkey.virtualKeys.update({ slug: 'limited', rate_limits: [] });
  const asked = async () => {
    await ask();
    return simulator.called().filter((provider) => provider === 'openai');
  };
  await expect.poll(asked, { interval: 200 }).toHaveLength(2);
});

it('an expired virtual key is refused as one that cannot be resolved, until it gets more time', async () => {
  const { portkey } = await client({ expires_at: '2020-01-31T00:00:00Z' });
  await portkey.chat.completions.create(hello);
  expect(simulator.called()).toEqual(['groq']);
  const error = await errorOf(portkey.chat.completions.create(hello, alone), VirtualKeyError);
  expect(error).toMatchObject({ status: 401, code: 'virtual_key_expired' });
  expect(error.message).toBe(
    '401 Virtual key "limited" expired at 2020-01-31T00:00:00.000Z. Give it a later "expires_at", or name another.',
  );
  expect(await portkey.virtualKeys.retrieve({ slug: 'limited' })).toMatchObject({ status: 'expired' });
  await portkey.virtualKeys.update({ slug: 'limited', expires_at: null, note: 'for the tests' });
  await portkey.chat.completions.create(hello, alone);
  expect(simulator.called()).toEqual(['groq', 'openai']);
});

it('shows what a virtual key may be used for, and keeps what is not changed', async () => {
  const usage_limits = { credit_limit: 10, alert_threshold: 9, type: 'cost', periodic_reset: 'weekly' } as const;
  const rate_limits = [{ type: 'requests', unit: 'rpm', value: 60 }] as const;
  const { portkey, open } = await client({
    usage_limits,
    rate_limits,
    note: 'ours',
    expires_at: '2099-01-31T00:00:00+01:00',
  });
  const shown = { usage_limits, rate_limits, note: 'ours', expires_at: '2099-01-31T00:00:00+01:00', status: 'active' };
  expect(await open().virtualKeys.retrieve({ slug: 'limited' })).toMatchObject(shown);
  await portkey.virtualKeys.update({
    slug: 'limited',
    name: 'The limited one',
    key: 'sk-another-secret-5678',
    usage_limits: null,
  });
  const after = await open().virtualKeys.retrieve({ slug: 'limited' });
  expect(after).toMatchObject({ ...shown, usage_limits: null, name: 'The limited one', masked_api_key: '…5678' });
  expect(JSON.stringify(after)).not.toContain('secret');
});

it.each<readonly [string, object, string]>([
  ['an unknown member', { usage_limits: { credit_limit: 1, per: 'month' } }, 'virtualKeys["limited"].usage_limits: '],
  ['no amount', { usage_limits: {} }, 'virtualKeys["limited"].usage_limits.credit_limit: '],
  ['an unknown period', { usage_limits: { credit_limit: 1, periodic_reset: 'daily' } }, '"weekly"|"monthly"'],
  [
    'a threshold beyond the limit',
    { usage_limits: { credit_limit: 1, alert_threshold: 2 } },
    'must be at most credit_limit',
  ],
  ['an unknown unit', { rate_limits: [{ type: 'requests', unit: 'rpx', value: 1 }] }, 'rate_limits.0.unit: '],
  ['a limit that is none', { rate_limits: { rpm: 3 } }, 'must be a list such as'],
  ['a time without a zone', { expires_at: '2099-01-31' }, 'must be a time as ISO 8601 has it'],
  ['a note that is none', { note: 7 }, 'note: must be a text'],
])('refuses %s, when a key is made and when it is changed', async (_, limits, message) => {
  const { portkey } = await client({});
  const made = portkey.virtualKeys.create({
    name: 'limited',
    slug: 'limited',
    provider: 'openai',
    key: 'k',
    ...limits,
  });
  expect((await errorOf(made, ConfigError)).message).toContain(message);
  const changed = portkey.virtualKeys.update({ slug: 'limited', ...limits });
  expect((await errorOf(changed, ConfigError)).message).toContain(message);
});

it('a virtual key of the options may have limits, too; a vault that cannot keep them says so', async () => {
  const key = { provider: 'openai', api_key: 'k', custom_host: simulator.baseUrl('openai') };
  const rate_limits = [{ type: 'requests', unit: 'rpd', value: 1 }] as const;
  const portkey = new Portkey({
    environment: {},
    virtualKeys: { limited: { ...key, rate_limits } },
    virtualKey: 'limited',
  });
  await portkey.chat.completions.create(hello);
  await expect(portkey.chat.completions.create(hello)).rejects.toThrow(CapacityError);
  const plain = {
    get: () => undefined,
    list: async () => [],
    add: async () => {},
    rotate: async () => {},
    remove: async () => {},
  };
  const { virtualKeys } = new Portkey({ environment: {}, vault: plain });
  const refused = virtualKeys.create({ name: 'x', provider: 'openai', key: 'k', rate_limits });
  expect((await errorOf(refused, InvalidRequestError)).message).toContain('keeps neither limits nor notes');
});
