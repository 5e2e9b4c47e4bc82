import { ended, type StreamSource } from './stream-source.ts';

/**
 * Two sources that each hand out every item of `source`. It is read when the faster one asks; what the slower one has
 * not read yet is kept, without limit. Leaving one drops what was kept for it; leaving both ends `source`.
 */
export function tee<Item>(source: StreamSource<Item>): [StreamSource<Item>, StreamSource<Item>] {
  const first: Cell<Item> = {};
  let readers = 2;

  function branch(): StreamSource<Item> {
    let cell: Cell<Item> | undefined = first;
    return {
      next() {
        if (cell === undefined) return Promise.resolve(ended);
        cell.read ??= { result: source.next(), rest: {} };
        const { result, rest } = cell.read;
        cell = rest;
        return result;
      },
      async return() {
        if (cell === undefined) return ended;
        cell = undefined;
        readers -= 1;
        return readers === 0 ? source.return() : ended;
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  return [branch(), branch()];
}

/** A link of the chain both readers walk along: what lies behind the slower one is free to be collected. */
interface Cell<Item> {
  read?: { readonly result: Promise<IteratorResult<Item, undefined>>; readonly rest: Cell<Item> };
}
