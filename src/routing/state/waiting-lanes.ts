import { createWaitingLine, isBefore, type Ranked, type WaitingLine } from './waiting-line.ts';

/** A place in one lane of a line. */
export interface InLane extends Ranked {
  /** Those of one lane wait for the same; nobody is kept back by those of another. */
  readonly lane: unknown;
}

/** A line in lanes: each has its own order, and all of them one. */
export interface WaitingLanes<Item extends InLane> {
  readonly size: number;
  isEmpty(lane: unknown): boolean;
  /** The most urgent of each lane. */
  firsts(): Iterable<Item>;
  /** The one that would go last. Looks at all of them. */
  last(): Item | undefined;
  add(item: Item): void;
  /** Takes `item` out; false when it does not wait. */
  remove(item: Item): boolean;
}

/** Nobody waits. */
export function createWaitingLanes<Item extends InLane>(): WaitingLanes<Item> {
  const lanes = new Map<unknown, WaitingLine<Item>>();
  let size = 0;
  return {
    get size() {
      return size;
    },
    isEmpty: (lane) => !lanes.has(lane),
    *firsts() {
      for (const line of lanes.values()) yield line.first() as Item;
    },
    last() {
      const ends = [...lanes.values()].map((line) => line.last() as Item);
      return ends.reduce<Item | undefined>((last, item) => (last && isBefore(item, last) ? last : item), undefined);
    },
    add(item) {
      const line = lanes.get(item.lane) ?? createWaitingLine<Item>();
      lanes.set(item.lane, line);
      line.add(item);
      size++;
    },
    remove(item) {
      const line = lanes.get(item.lane);
      if (line?.remove(item) !== true) return false;
      if (line.size === 0) lanes.delete(item.lane);
      size--;
      return true;
    },
  };
}
