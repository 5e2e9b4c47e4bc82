import { describe, expect, it } from 'vitest';
import type { RequestContext } from '../../src/core/context.ts';
import { PartLoadError } from '../../src/core/errors/index.ts';
import type { ModelRequest } from '../../src/core/handler.ts';
import { lazyMiddleware } from '../../src/core/lazy-middleware.ts';
import { lazyMember, lazyMethods, lazyPart, loadAhead, withPart } from '../../src/core/lazy-part.ts';
import type { Reply } from '../../src/core/reply.ts';

const reply = { status: 200 } as Reply;
const request: ModelRequest = { endpoint: 'chat/completions', body: {} };
const context = {} as RequestContext;

/** A part that counts how often it is loaded, and fails as often as `failures` says. */
function counted<Part>(part: Part, failures = 0) {
  const counts = { loads: 0 };
  const lazy = lazyPart('abacus', async () => {
    counts.loads += 1;
    if (counts.loads <= failures) throw new Error('net::ERR_BLOCKED_BY_CLIENT');
    return part;
  });
  return { lazy, counts };
}

describe('a lazy part', () => {
  it('is loaded once, by all who ask at the same time, and then used without a promise', async () => {
    const { lazy, counts } = counted({ sum: 3 });
    expect(counts.loads).toBe(0);
    const use = ({ sum }: { readonly sum: number }) => sum + 1;
    const asked = [withPart(lazy, use), withPart(lazy, use)];
    expect(asked[0]).toBeInstanceOf(Promise);
    expect(await Promise.all(asked)).toEqual([4, 4]);
    expect(counts.loads).toBe(1);
    expect(withPart(lazy, use)).toBe(4);
  });

  it('that does not load says which it is and why, and is loaded anew by the next who asks', async () => {
    const { lazy } = counted('here', 1);
    const failed = lazy.get();
    await expect(failed).rejects.toBeInstanceOf(PartLoadError);
    await expect(failed).rejects.toMatchObject({
      kind: 'config',
      code: 'part_not_loaded',
      message:
        'The part "abacus" of modelmux could not be loaded: net::ERR_BLOCKED_BY_CLIENT. Deploy all files of the package, or bundle it into one file.',
    });
    expect(await lazy.get()).toBe('here');
  });

  it('that fails while it is loaded ahead is reported by the call that needs it', async () => {
    const { lazy, counts } = counted('here', 2);
    loadAhead([lazy]);
    await expect(lazy.get()).rejects.toBeInstanceOf(PartLoadError);
    expect(counts.loads).toBe(1);
    await expect(lazy.get()).rejects.toBeInstanceOf(PartLoadError);
    expect(await lazy.get()).toBe('here');
  });
});

describe('a lazy middleware', () => {
  it('begins to load at once, is made once, and then calls on without a turn of its own', async () => {
    const made: string[] = [];
    const { lazy, counts } = counted({ name: 'a' });
    const middleware = lazyMiddleware(lazy, ({ name }) => {
      made.push(name);
      return (next) => next;
    });
    expect(counts.loads).toBe(1);
    const answer = Promise.resolve(reply);
    const handler = middleware(() => answer);
    expect(await Promise.all([handler(request, context), handler(request, context)])).toEqual([reply, reply]);
    expect(made).toEqual(['a']);
    expect(handler(request, context)).toBe(answer);
  });

  it('rejects calls while its part does not load', async () => {
    const { lazy } = counted({}, 1);
    const handler = lazyMiddleware(lazy, () => (next) => next)(async () => reply);
    await expect(handler(request, context)).rejects.toBeInstanceOf(PartLoadError);
    expect(await handler(request, context)).toBe(reply);
  });
});

describe('lazy methods', () => {
  const shelf = {
    add: async (a: number, b: number) => a + b,
    fail: async () => {
      throw new RangeError('no');
    },
    inner: { twice: async (a: number) => 2 * a },
  };

  it('load their part by the first call and hand on arguments, values and errors', async () => {
    const { lazy, counts } = counted(shelf);
    const { add, fail } = lazyMethods(lazy, { add: true, fail: true });
    const { twice } = lazyMethods(lazyMember(lazy, 'inner'), { twice: true });
    expect(counts.loads).toBe(0);
    expect(await add(1, 2)).toBe(3);
    await expect(fail()).rejects.toThrow(RangeError);
    expect(await twice(4)).toBe(8);
    expect(counts.loads).toBe(1);
  });
});
