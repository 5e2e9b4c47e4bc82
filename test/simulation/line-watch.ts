import type { TargetBooks } from './target-books.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Visitor } from './visit.ts';

/** Looks on while requests wait in line for one target: nobody overtakes, nobody is forgotten. */
export interface LineWatch {
  came(visitor: Visitor): void;
  began(visitor: Visitor): void;
  ended(visitor: Visitor): void;
}

/** Watches every line of one process. `broken` hears what must not happen. */
export function lineWatch(time: VirtualTime, books: TargetBooks, broken: (problem: string) => void): LineWatch {
  const lines = new Map<unknown, Set<Visitor>>();
  let suspicions: { readonly waiting: Visitor; readonly by: Visitor }[] = [];
  const lineOf = ({ lineKey }: Visitor) => {
    const line = lines.get(lineKey) ?? new Set<Visitor>();
    lines.set(lineKey, line);
    return line;
  };

  // Who gives up at the very moment another goes is gone by the end of it.
  time.onStill(() => {
    for (const { waiting, by } of suspicions)
      if (lineOf(waiting).has(waiting))
        broken(`${by.marker} overtook ${waiting.marker}, which waits since ${waiting.startedAt}`);
    suspicions = [];
    for (const line of lines.values()) {
      const first = [...line].reduce<Visitor | undefined>(
        (best, each) => (best && isBefore(best, each) ? best : each),
        undefined,
      );
      const seat = first?.seats.get('config');
      if (first !== undefined && seat !== undefined && books.isReady(seat))
        broken(`${first.marker} waits for ${seat.id} since ${first.startedAt}, which has room`);
    }
  });

  return {
    came(visitor) {
      // Whether a call fits a budget is known to the engine alone.
      const seat = visitor.seats.get('config');
      if (visitor.isLoose) return;
      if (seat !== undefined && visitor.accountsAt(seat).length === 0) lineOf(visitor).add(visitor);
    },
    began(visitor) {
      const line = lineOf(visitor);
      if (!line.delete(visitor)) return;
      for (const waiting of line) if (isBefore(waiting, visitor)) suspicions.push({ waiting, by: visitor });
    },
    ended: (visitor) => void lineOf(visitor).delete(visitor),
  };
}

/** The most urgent first, waiting makes more urgent; of equals the one who came first. */
function isBefore(a: Visitor, b: Visitor): boolean {
  const [first, second] = [rankOf(a), rankOf(b)];
  return Math.abs(first - second) < 1e-9 ? a.order < b.order : first < second;
}

function rankOf({ priority, tree, startedAt }: Visitor): number {
  const { max_wait = 10, aging = max_wait / 10, default_priority = 0 } = tree.config.queue ?? {};
  return (priority ?? default_priority) + (aging === 0 ? 0 : startedAt / (aging * 1000));
}
