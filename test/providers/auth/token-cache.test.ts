import { expect, it, vi } from 'vitest';
import type { AuthScope } from '../../../src/core/provider.ts';
import type { Transport } from '../../../src/core/transport.ts';
import { createTokenCache, type IssuedToken } from '../../../src/providers/auth/token-cache.ts';

const transport: Transport = { send: () => Promise.reject(new Error('not used')) };

/** A clock to turn by hand, an issuer that waits to be answered, and a cache between them. */
function setup(maxEntries?: number) {
  const time = { now: 0 };
  const asked: { source: string; signal: AbortSignal; answer: PromiseWithResolvers<IssuedToken<string>> }[] = [];
  const cache = createTokenCache<string, string>({
    keyOf: (source) => source,
    fetchToken(source, scope) {
      const answer = Promise.withResolvers<IssuedToken<string>>();
      scope.signal.addEventListener('abort', () => answer.reject(scope.signal.reason));
      asked.push({ source, signal: scope.signal, answer });
      return answer.promise;
    },
    refreshBeforeMs: 60_000,
    ...(maxEntries === undefined ? {} : { maxEntries }),
  });
  const scope = (signal = new AbortController().signal): AuthScope => ({ transport, now: () => time.now, signal });
  async function fetched(source: string, issued: IssuedToken<string>) {
    const got = cache.get(source, scope());
    asked.at(-1)?.answer.resolve(issued);
    return got;
  }
  return { time, asked, cache, scope, fetched };
}

it('asks once and serves the kept token until refreshBeforeMs before it expires', async () => {
  const { time, asked, cache, scope, fetched } = setup();
  expect(await fetched('a', { token: 'one', expiresAt: 100_000 })).toBe('one');
  time.now = 39_999;
  expect(await cache.get('a', scope())).toBe('one');
  expect(asked).toHaveLength(1);
  time.now = 40_000;
  expect(await fetched('a', { token: 'two', expiresAt: 200_000 })).toBe('two');
  expect(asked).toHaveLength(2);
});

it('keeps one token per source', async () => {
  const { asked, cache, scope, fetched } = setup();
  await fetched('a', { token: 'token of a', expiresAt: 100_000 });
  await fetched('b', { token: 'token of b', expiresAt: 100_000 });
  expect(await Promise.all([cache.get('a', scope()), cache.get('b', scope())])).toEqual(['token of a', 'token of b']);
  expect(asked.map(({ source }) => source)).toEqual(['a', 'b']);
});

it('lets callers that come at the same time share one request', async () => {
  const { asked, cache, scope } = setup();
  const all = Promise.all([cache.get('a', scope()), cache.get('a', scope()), cache.get('a', scope())]);
  asked[0]?.answer.resolve({ token: 'one', expiresAt: 100_000 });
  expect(await all).toEqual(['one', 'one', 'one']);
  expect(asked).toHaveLength(1);
});

it('does not keep an error: all that waited get it, the next caller asks again', async () => {
  const { asked, cache, scope, fetched } = setup();
  const both = Promise.allSettled([cache.get('a', scope()), cache.get('a', scope())]);
  asked[0]?.answer.reject(new Error('issuer is down'));
  expect((await both).map((one) => one.status === 'rejected' && one.reason.message)).toEqual([
    'issuer is down',
    'issuer is down',
  ]);
  expect(await fetched('a', { token: 'one', expiresAt: 100_000 })).toBe('one');
});

it('serves the old token while it is valid when refreshing fails, and the error afterwards', async () => {
  const { time, asked, cache, scope, fetched } = setup();
  await fetched('a', { token: 'one', expiresAt: 100_000 });
  time.now = 99_999;
  const last = cache.get('a', scope());
  asked[1]?.answer.reject(new Error('issuer is down'));
  expect(await last).toBe('one');
  time.now = 100_000;
  const late = cache.get('a', scope());
  asked[2]?.answer.reject(new Error('issuer is down'));
  await expect(late).rejects.toThrow('issuer is down');
});

it('goes on for the others when the caller that came first leaves', async () => {
  const { asked, cache, scope } = setup();
  const first = new AbortController();
  const left = cache.get('a', scope(first.signal));
  const stays = cache.get('a', scope());
  first.abort(new Error('first left'));
  await expect(left).rejects.toThrow('first left');
  expect(asked[0]?.signal.aborted).toBe(false);
  asked[0]?.answer.resolve({ token: 'one', expiresAt: 100_000 });
  expect(await stays).toBe('one');
});

it('aborts the request when the last caller has left, and the next caller starts a new one', async () => {
  const { asked, cache, scope, fetched } = setup();
  const [first, second] = [new AbortController(), new AbortController()];
  const both = Promise.allSettled([cache.get('a', scope(first.signal)), cache.get('a', scope(second.signal))]);
  first.abort(new Error('first left'));
  second.abort(new Error('second left'));
  const next = fetched('a', { token: 'one', expiresAt: 100_000 });
  expect((await both).map((one) => one.status === 'rejected' && one.reason.message)).toEqual([
    'first left',
    'second left',
  ]);
  expect(asked[0]?.signal.aborted).toBe(true);
  expect(await next).toBe('one');
  expect(asked).toHaveLength(2);
});

it('refuses a caller that has already left without asking', async () => {
  const { asked, cache, scope } = setup();
  await expect(cache.get('a', scope(AbortSignal.abort(new Error('gone'))))).rejects.toThrow('gone');
  expect(asked).toHaveLength(0);
});

it('forgets the source unused the longest beyond maxEntries', async () => {
  const { asked, cache, scope, fetched } = setup(2);
  await fetched('a', { token: 'a', expiresAt: 100_000 });
  await fetched('b', { token: 'b', expiresAt: 100_000 });
  await cache.get('a', scope());
  await fetched('c', { token: 'c', expiresAt: 100_000 });
  await cache.get('a', scope());
  expect(asked.map(({ source }) => source)).toEqual(['a', 'b', 'c']);
  await fetched('b', { token: 'b again', expiresAt: 100_000 });
  expect(asked.map(({ source }) => source)).toEqual(['a', 'b', 'c', 'b']);
});

it('takes its listener off the caller when the token has come', async () => {
  const { asked, cache, scope } = setup();
  const caller = new AbortController();
  const removed = vi.spyOn(caller.signal, 'removeEventListener');
  const got = cache.get('a', scope(caller.signal));
  asked[0]?.answer.resolve({ token: 'one', expiresAt: 100_000 });
  await got;
  await expect.poll(() => removed).toHaveBeenCalledOnce();
});
