import { expect, it, vi } from 'vitest';
import type { DocumentStore, DocumentVersion } from '../../src/core/document-store.ts';
import { ConflictError } from '../../src/index.ts';

const one = { override_params: { model: 'one', stop: ['ü', null] } };
const two = { override_params: { model: 'two' } };

/** A store, and another instance of it over the same documents. */
export interface OpenedTwice {
  readonly store: DocumentStore;
  readonly other: DocumentStore;
}

/** Opens an empty store each time, and the same once more as another instance would, that keep so many versions. */
export type OpenTwice = (keepVersions?: number) => OpenedTwice | Promise<OpenedTwice>;

/** What every store of documents must do. */
export function documentStoreSuite(name: string, make: OpenTwice): void {
  it(`${name}: has nothing to begin with`, async () => {
    const { store } = await make();
    expect([
      await store.list(),
      await store.get('pc-a'),
      await store.versions('pc-a'),
      await store.delete('pc-a'),
    ]).toEqual([[], undefined, [], false]);
  });

  it(`${name}: gives back what was put, with a number and an ID of the version`, async () => {
    const { store } = await make();
    const written = await store.put({ slug: 'pc-a', name: 'Änne', content: one });
    expect(written).toEqual({
      slug: 'pc-a',
      name: 'Änne',
      number: 1,
      versionId: expect.stringMatching(/./),
      content: one,
      createdAt: expect.any(Number),
    });
    expect(await store.get('pc-a')).toEqual(written);
    expect(await store.list()).toEqual([written]);
    expect(await store.versions('pc-a')).toEqual([written]);
  });

  it(`${name}: keeps every version, the latest first`, async () => {
    const { store } = await make();
    const first = await store.put({ slug: 'pc-a', name: 'A', content: one });
    const second = await store.put({ slug: 'pc-a', name: 'B', content: two });
    const third = await store.put({ slug: 'pc-a', name: 'A', content: one });
    expect([first.number, second.number, third.number]).toEqual([1, 2, 3]);
    expect(second.versionId).not.toBe(first.versionId);
    expect(await store.get('pc-a')).toEqual(third);
    expect(
      (await store.versions('pc-a')).map(({ number, name: called, content }) => [number, called, content]),
    ).toEqual([
      [3, 'A', one],
      [2, 'B', two],
      [1, 'A', one],
    ]);
  });

  it(`${name}: keeps configs apart`, async () => {
    const { store } = await make();
    await store.put({ slug: 'pc-a', name: 'A', content: one });
    await store.put({ slug: 'pc-a.b', name: 'B', content: two });
    expect((await store.get('pc-a.b'))?.content).toEqual(two);
    expect((await store.list()).map(({ slug }) => slug).sort()).toEqual(['pc-a', 'pc-a.b']);
    expect(await store.delete('pc-a')).toBe(true);
    expect((await store.list()).map(({ slug }) => slug)).toEqual(['pc-a.b']);
    expect(await store.get('pc-a')).toBeUndefined();
  });

  it(`${name}: counts on where a config that was removed is written anew`, async () => {
    const { store } = await make();
    await store.put({ slug: 'pc-a', name: 'A', content: one });
    await store.delete('pc-a');
    expect(await store.versions('pc-a')).toEqual([]);
    const again = await store.put({ slug: 'pc-a', name: 'A', content: two });
    expect(again.number).toBe(2);
    expect((await store.versions('pc-a')).map(({ number }) => number)).toEqual([2, 1]);
  });

  it(`${name}: drops versions before the last ones, while numbers go on growing`, async () => {
    const { store, other } = await make(3);
    expect(store.keepVersions).toBe(3);
    const put = (attempts: number, keep?: readonly number[] | 'all') =>
      store.put({ slug: 'pc-a', name: 'A', content: { retry: { attempts } } }, undefined, keep);
    for (let attempts = 1; attempts <= 5; attempts++) expect((await put(attempts)).number).toBe(attempts);
    const entry = (number: number) => [number, { retry: { attempts: number } }];
    const hasKept = async (...numbers: readonly number[]) => {
      const told = (versions: readonly DocumentVersion[]) => versions.map(({ number, content }) => [number, content]);
      expect(told(await store.versions('pc-a'))).toEqual(numbers.map(entry));
      // Another instance may see it a little later.
      await vi.waitFor(async () => expect(told(await other.versions('pc-a'))).toEqual(numbers.map(entry)), {
        timeout: 20_000,
      });
    };
    await hasKept(5, 4, 3);
    expect((await put(6, 'all')).number).toBe(6);
    await hasKept(6, 5, 4, 3);
    expect((await put(7, [3, 6])).number).toBe(7);
    await hasKept(7, 6, 3);
    expect((await put(8, [])).number).toBe(8);
    await hasKept(8);
    await store.delete('pc-a');
    expect((await put(9)).number).toBe(9);
    await hasKept(9, 8);
    await expect(store.put({ slug: 'pc-a', name: 'A', content: one }, 8)).rejects.toBeInstanceOf(ConflictError);
  });

  it(`${name}: keeps a hundred versions where nobody says`, async () => {
    const { store } = await make();
    expect(store.keepVersions).toBe(100);
  });

  it(`${name}: writes one after the other what comes at once`, async () => {
    const { store } = await make();
    const put = (index: number) =>
      store.put({ slug: 'pc-a', name: `n${index}`, content: { retry: { attempts: index } } });
    await Promise.all([1, 2, 3, 4, 5].map(put));
    const versions = await store.versions('pc-a');
    expect(versions.map(({ number }) => number)).toEqual([5, 4, 3, 2, 1]);
    expect(versions.map(({ name: called }) => called).sort()).toEqual(['n1', 'n2', 'n3', 'n4', 'n5']);
  });

  it(`${name}: loses no version of several instances that write at once`, async () => {
    const { store, other } = await make();
    const put = (index: number) =>
      (index % 2 ? store : other).put({ slug: 'pc-a', name: `n${index}`, content: { retry: { attempts: index } } });
    const written = await Promise.all([1, 2, 3, 4, 5, 6].map(put));
    expect(written.map(({ number }) => number).sort()).toEqual([1, 2, 3, 4, 5, 6]);
    const versions = await store.versions('pc-a');
    expect(versions.map(({ number }) => number)).toEqual([6, 5, 4, 3, 2, 1]);
    expect(versions.map(({ name: called }) => called).sort()).toEqual(['n1', 'n2', 'n3', 'n4', 'n5', 'n6']);
    expect(await other.versions('pc-a')).toEqual(versions);
  });

  it(`${name}: lets one of several win that go on from the same version`, async () => {
    const { store, other } = await make();
    const attempts = (content: object, after: number) =>
      Promise.allSettled(
        [store, other, store, other].map((one) => one.put({ slug: 'pc-a', name: 'A', content: { ...content } }, after)),
      );
    for (const [content, after] of [
      [one, 0],
      [two, 1],
    ] as const) {
      const outcomes = await attempts(content, after);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(ConflictError);
    }
    expect((await store.versions('pc-a')).map(({ number }) => number)).toEqual([2, 1]);
    await store.delete('pc-a');
    await expect(other.put({ slug: 'pc-a', name: 'A', content: one }, 2)).rejects.toThrow('it was removed');
    expect((await other.put({ slug: 'pc-a', name: 'A', content: one }, 0)).number).toBe(3);
  });

  it(`${name}: tells of what another instance wrote and removed`, async () => {
    const { store, other } = await make();
    await other.put({ slug: 'pc-before', name: 'B', content: one });
    const heard: string[] = [];
    const end = store.subscribe?.((slug) => heard.push(slug));
    // A first look may come after the first change: then it tells of the next.
    const changed = async () => {
      await other.put({ slug: 'pc-a', name: 'A', content: { retry: { attempts: heard.length + 1 } } });
      return heard;
    };
    await expect.poll(changed, { interval: 300 }).toContain('pc-a');
    heard.length = 0;
    await other.delete('pc-before');
    await expect.poll(() => heard).toContain('pc-before');
    end?.();
  });
}
