/** Amounts used within a sliding window of time: a log of one's own sends. */
export interface WindowMeter {
  /** The sum of what the window holds. */
  used(now: number): number;
  /** Clock milliseconds from which `amount` fits beside what is used; `now` when it fits now, Infinity when it exceeds `limit` alone. */
  readyAt(amount: number, limit: number, now: number): number;
  /** Counts `amount`; returns what {@link WindowMeter.change} names it by. */
  add(amount: number, now: number): number;
  /** Corrects what was added, where it still counts. */
  change(entry: number, difference: number, now: number): void;
  /** Clock milliseconds when the window is empty should nothing come; undefined when it is. */
  emptyAt(now: number): number | undefined;
  /** How long the window is from now on, in milliseconds. */
  resize(windowMs: number): void;
}

/** Entries kept to the millisecond. Beyond them those that come close together are kept as one, which counts until its last is over. */
const exactEntries = 1024;
/** Parts of a window within which entries are then kept as one. */
const parts = 1024;

/**
 * An empty window. Something added at `t` is out of it from `t + windowMs` on. It holds at most about {@link exactEntries} +
 * {@link parts} entries, whatever the traffic, and never counts anything for less than its time.
 */
export function createWindowMeter(initialWindowMs: number): WindowMeter {
  let windowMs = initialWindowMs;
  const log = createRing();
  let total = 0;
  /** When the newest entry was begun: it takes in what follows for a part of the window. */
  let begunAt = Number.NEGATIVE_INFINITY;

  function expire(now: number): void {
    if (log.size > 0 && log.time(log.last) > now) log.moveBackTo(now);
    while (log.size > 0 && log.time(log.first) + windowMs <= now) {
      total -= log.amount(log.first);
      log.shift();
    }
  }

  return {
    used(now) {
      expire(now);
      return total;
    },
    readyAt(amount, limit, now) {
      expire(now);
      let excess = total + amount - limit;
      if (excess <= 0) return now;
      for (let entry = log.first; entry <= log.last; entry++) {
        excess -= log.amount(entry);
        if (excess <= 0) return log.time(entry) + windowMs;
      }
      return Number.POSITIVE_INFINITY;
    },
    add(amount, now) {
      expire(now);
      total += amount;
      if (log.size >= exactEntries && now - begunAt < windowMs / parts) {
        log.set(log.last, now, log.amount(log.last) + amount);
        return log.last;
      }
      begunAt = now;
      return log.push(now, amount);
    },
    change(entry, difference, now) {
      expire(now);
      if (entry < log.first || entry > log.last) return;
      total += difference;
      log.set(entry, log.time(entry), log.amount(entry) + difference);
    },
    emptyAt(now) {
      expire(now);
      return log.size === 0 ? undefined : log.time(log.last) + windowMs;
    },
    resize(newWindowMs) {
      windowMs = newWindowMs;
    },
  };
}

/** Times and amounts in a ring that grows, named by numbers that never come again. */
function createRing() {
  let times = new Float64Array(8);
  let amounts = new Float64Array(8);
  let first = 0;
  let next = 0;
  let capacity = times.length;
  const slot = (entry: number) => entry % capacity;

  function grow(): void {
    const [oldTimes, oldAmounts, oldCapacity] = [times, amounts, capacity];
    capacity *= 2;
    times = new Float64Array(capacity);
    amounts = new Float64Array(capacity);
    for (let entry = first; entry < next; entry++) {
      times[slot(entry)] = oldTimes[entry % oldCapacity] as number;
      amounts[slot(entry)] = oldAmounts[entry % oldCapacity] as number;
    }
  }

  return {
    get size() {
      return next - first;
    },
    get first() {
      return first;
    },
    get last() {
      return next - 1;
    },
    time: (entry: number) => times[slot(entry)] as number,
    amount: (entry: number) => amounts[slot(entry)] as number,
    set(entry: number, time: number, amount: number) {
      times[slot(entry)] = time;
      amounts[slot(entry)] = amount;
    },
    push(time: number, amount: number): number {
      if (next - first === capacity) grow();
      times[slot(next)] = time;
      amounts[slot(next)] = amount;
      return next++;
    },
    shift() {
      first++;
    },
    /** The clock was set back: what seems to lie ahead counts from now. */
    moveBackTo(now: number) {
      for (let entry = next - 1; entry >= first && (times[slot(entry)] as number) > now; entry--)
        times[slot(entry)] = now;
    },
  };
}
