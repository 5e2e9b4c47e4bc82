/** Where somebody stands in a {@link WaitingLine}. */
export interface Ranked {
  /** The lower goes first. */
  readonly rank: number;
  /** Of equal ranks the lower goes first; never the same twice. */
  readonly order: number;
  /** Kept by the line. */
  position: number;
}

/** Who waits, the most urgent first: a heap from which anybody may leave. */
export interface WaitingLine<Item extends Ranked> {
  readonly size: number;
  first(): Item | undefined;
  /** The one that would go last. Looks at all of them. */
  last(): Item | undefined;
  add(item: Item): void;
  /** Takes `item` out; false when it does not wait. */
  remove(item: Item): boolean;
}

/** An empty line. */
export function createWaitingLine<Item extends Ranked>(): WaitingLine<Item> {
  const heap: Item[] = [];

  function put(item: Item, position: number): void {
    heap[position] = item;
    item.position = position;
  }

  function rise(item: Item, from: number): void {
    let position = from;
    while (position > 0) {
      const parent = heap[(position - 1) >> 1] as Item;
      if (!isBefore(item, parent)) break;
      put(parent, position);
      position = (position - 1) >> 1;
    }
    put(item, position);
  }

  function sink(item: Item, from: number): void {
    let position = from;
    for (;;) {
      const left = 2 * position + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const child = right < heap.length && isBefore(heap[right] as Item, heap[left] as Item) ? right : left;
      if (!isBefore(heap[child] as Item, item)) break;
      put(heap[child] as Item, position);
      position = child;
    }
    put(item, position);
  }

  return {
    get size() {
      return heap.length;
    },
    first: () => heap[0],
    last: () => heap.reduce<Item | undefined>((last, item) => (last && isBefore(item, last) ? last : item), undefined),
    add(item) {
      heap.push(item);
      rise(item, heap.length - 1);
    },
    remove(item) {
      const { position } = item;
      if (heap[position] !== item) return false;
      const moved = heap.pop() as Item;
      item.position = -1;
      if (moved === item) return true;
      rise(moved, position);
      sink(moved, moved.position);
      return true;
    },
  };
}

/** Does `a` go before `b`? */
export function isBefore(a: Ranked, b: Ranked): boolean {
  return a.rank < b.rank || (a.rank === b.rank && a.order < b.order);
}
