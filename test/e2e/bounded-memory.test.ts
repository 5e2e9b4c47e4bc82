import { expect, it, onTestFinished } from 'vitest';

/** Every map and set made from now on; those that are gone are left out. */
function watchMaps(): () => readonly (Map<unknown, unknown> | Set<unknown>)[] {
  const made: WeakRef<Map<unknown, unknown> | Set<unknown>>[] = [];
  const { Map: PlainMap, Set: PlainSet } = globalThis;
  const noting = <Made extends Map<unknown, unknown> | Set<unknown>>(plain: new (...args: never[]) => Made) =>
    new Proxy(plain, {
      construct(target, args, self) {
        const each: Made = Reflect.construct(target, args, self);
        made.push(new WeakRef(each));
        return each;
      },
    });
  globalThis.Map = noting(PlainMap) as unknown as MapConstructor;
  globalThis.Set = noting(PlainSet) as unknown as SetConstructor;
  onTestFinished(() => {
    globalThis.Map = PlainMap;
    globalThis.Set = PlainSet;
  });
  return () => made.flatMap((ref) => ref.deref() ?? []);
}

it('keeps nothing of callers but bounded maps: 25,000 users, teams, sessions, prompts and trace IDs', async () => {
  const living = watchMaps();
  // Only now: what is made when modules are read is watched too.
  const { callOf, clientOf, everything } = await import('../support/everything.ts');
  const portkey = clientOf(everything);
  const calls = 25_000;
  for (let from = 0; from < calls; from += 50)
    await Promise.all(Array.from({ length: 50 }, (_, index) => callOf(portkey, from + index)));

  const large = living()
    .filter(({ size }) => size > 10_000)
    .map((each) => ({ key: String(each.keys().next().value), size: each.size }));
  // Spending of teams, of whom 100,000 are kept, and cached answers, bounded by their bytes; nothing else grows with the number of callers.
  expect(large.filter(({ key }) => !/^client metadata\.team=|^modelmux:cache:/.test(key))).toEqual([]);
  expect(large.some(({ key }) => key.startsWith('client metadata.team='))).toBe(true);
  // What belongs to calls is gone with them.
  const all = living();
  expect(all.filter(({ size }) => size > 100).length).toBeLessThan(20);
  await portkey.close();
}, 600_000);
