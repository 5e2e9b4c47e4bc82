import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualKeyError } from '../../src/core/errors/vault-errors.ts';
import { type ResolverVaultOptions, resolverVault, type VirtualKeyResolver } from '../../src/vault/resolver.ts';
import { type ManualClock, manualClock } from '../support/manual-clock.ts';
import { type EventLog, eventLog } from './event-log.ts';
import { directory } from './provider-directory.ts';
import { canary, expectNoCanary, failure } from './secrets.ts';

const minuteMs = 60_000;
let clock: ManualClock;
let events: EventLog;

beforeEach(() => {
  clock = manualClock();
  events = eventLog();
});

const vaultOf = (resolve: VirtualKeyResolver, options?: Partial<ResolverVaultOptions>) =>
  resolverVault(resolve, { providers: directory, clock, events, ...options });
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a resolver vault', () => {
  it('reads fields in either spelling, answered now or later', async () => {
    const later = vaultOf(async () => ({ provider: 'azure', api_key: 'k', azure_resource_name: 'r' }));
    expect(await later.get('a')).toMatchObject({
      provider: 'azure-openai',
      apiKey: 'k',
      settings: { resourceName: 'r' },
    });
    const now = vaultOf(() => ({ provider: 'openai', apiKey: 'k2' }));
    expect(await now.get('a')).toMatchObject({ provider: 'openai', apiKey: 'k2', settings: {} });
  });

  it.each([[undefined], [null]])('takes %s for an unknown slug, and asks again after 5 s', async (nothing) => {
    let calls = 0;
    const vault = vaultOf(() => {
      calls += 1;
      return nothing;
    });
    expect(await vault.get('a')).toBeUndefined();
    clock.advance(4999);
    expect(await vault.get('a')).toBeUndefined();
    expect(calls).toBe(1);
    clock.advance(1);
    await vault.get('a');
    expect(calls).toBe(2);
  });

  it('asks once per five minutes, and keeps the credentials object while the answer is the same', async () => {
    let key = 'k1';
    let calls = 0;
    const vault = vaultOf(async () => {
      calls += 1;
      return { provider: 'openai', api_key: key };
    });
    const [first, second] = await Promise.all([vault.get('a'), vault.get('a')]);
    expect(second).toBe(first);
    clock.advance(5 * minuteMs - 1);
    expect(vault.get('a')).toBe(first);
    expect(calls).toBe(1);
    clock.advance(1);
    vault.get('a');
    await settle();
    expect([vault.get('a') === first, calls]).toEqual([true, 2]);
    key = 'k2';
    clock.advance(5 * minuteMs);
    expect(vault.get('a')).toBe(first);
    await settle();
    expect(vault.get('a')).toMatchObject({ apiKey: 'k2' });
  });

  it('does not ask for what cannot be a slug', async () => {
    const asked: string[] = [];
    const vault = vaultOf((slug) => {
      asked.push(slug);
      return undefined;
    });
    expect([await vault.get('a/b'), await vault.get(''), await vault.get('x'.repeat(201))]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(asked).toEqual([]);
  });

  it('gives a hung resolver up after 10 s and aborts its signal', async () => {
    let signal: AbortSignal | undefined;
    const vault = vaultOf((_, options) => {
      signal = options.signal;
      return new Promise(() => {});
    });
    const outcome = failure(() => vault.get('a'));
    await settle();
    clock.advance(10_000);
    const error = await outcome;
    expect(error).toBeInstanceOf(VirtualKeyError);
    expect(error.message).toBe('401 Virtual key "a": the resolver failed: no answer within 10000 ms.');
    expect(signal?.aborted).toBe(true);
  });

  it('rejects each caller with an error of its own, caused by the one thrown', async () => {
    const cause = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const vault = vaultOf(() => Promise.reject(cause));
    const [first, second] = await Promise.all([failure(() => vault.get('a')), failure(() => vault.get('a'))]);
    expect(first).not.toBe(second);
    expect(first).toBeInstanceOf(VirtualKeyError);
    expect(first).toMatchObject({
      status: 401,
      message: '401 Virtual key "a": the resolver failed: Error ECONNREFUSED.',
      cause,
    });
  });

  it('keeps the last credentials when a refresh fails, with a warning that quotes nothing', async () => {
    let isDown = false;
    const vault = vaultOf(async () => {
      if (isDown) throw new Error(`cannot log in with ${canary}`);
      return { provider: 'openai', api_key: 'k1' };
    });
    const first = await vault.get('a');
    isDown = true;
    clock.advance(5 * minuteMs);
    expect(vault.get('a')).toBe(first);
    await settle();
    clock.advance(60 * minuteMs);
    expect(await vault.get('a')).toBe(first);
    await settle();
    const message = 'Virtual key "a": the resolver failed: Error. The last credentials are kept.';
    expect(events.warnings).toEqual([
      { code: 'vault', message },
      { code: 'vault', message },
    ]);
  });

  it.each([
    ['a bare key', canary, /answer must be an object/],
    ['a misspelt key', { provider: 'openai', apikey: canary }, /answer\.apikey .*Did you mean "api_key"/],
    ['an unknown provider', { provider: 'opnai', api_key: canary }, /answer\.provider .*Did you mean "openai"/],
    ['two problems', { provider: canary, api_key: '' }, /answer\.api_key is empty; answer\.provider names no known/],
  ])('refuses %s without showing it', async (_, answer, message) => {
    const error = await failure(() => vaultOf(() => answer as never).get('a'));
    expect(error).toBeInstanceOf(VirtualKeyError);
    expect(error.message).toMatch(message);
    expectNoCanary(error);
  });

  it('shows no secret when printed', async () => {
    const vault = vaultOf(() => ({ provider: 'openai', api_key: canary }));
    expectNoCanary({ vault, found: await vault.get('a') });
  });

  it('can be asked for another slug from within the resolver', async () => {
    const vault: ReturnType<typeof vaultOf> = vaultOf(async (slug) =>
      slug === 'base'
        ? { provider: 'openai', api_key: 'k' }
        : { provider: 'openai', api_key: `${(await vault.get('base'))?.apiKey}-${slug}` },
    );
    expect(await vault.get('team')).toMatchObject({ apiKey: 'k-team' });
  });
});
