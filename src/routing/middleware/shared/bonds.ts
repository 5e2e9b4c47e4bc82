import type { Bond } from '../../../core/shared-state.ts';

/** Told whom requests of the key go to by now; undefined: nobody in particular. */
export type OnBound = (target: string | undefined) => void;

/** Changes of whom requests go to, on their way to the shared state. One that is lost does no harm: the next reply says it again. */
export interface Bonds {
  readonly isWaiting: boolean;
  /** The latest of a key counts. */
  add(bond: Bond, onBound: OnBound): void;
  /** What to send now. */
  next(): SentBonds;
}

/** Bonds of one message. */
export interface SentBonds {
  readonly bonds: readonly Bond[];
  hear(bound: readonly (string | undefined)[]): void;
}

/** The most that one message carries, so that no script runs for long. */
const mostInMessage = 200;

const mostWaiting = 10_000;

const nothing: SentBonds = { bonds: [], hear: () => undefined };

/** Nothing to say yet. */
export function createBonds(): Bonds {
  const waiting = new Map<string, { readonly bond: Bond; readonly onBound: OnBound }>();
  return {
    get isWaiting() {
      return waiting.size > 0;
    },
    add(bond, onBound) {
      const before = waiting.get(bond.key)?.bond;
      if (before !== undefined || waiting.size < mostWaiting)
        waiting.set(bond.key, { bond: before === undefined ? bond : after(before, bond), onBound });
    },
    next() {
      if (waiting.size === 0) return nothing;
      const sent = [...waiting.values()].slice(0, mostInMessage);
      for (const { bond } of sent) waiting.delete(bond.key);
      return {
        bonds: sent.map(({ bond }) => bond),
        hear: (bound) => sent.forEach(({ onBound }, index) => void onBound(bound[index])),
      };
    },
  };
}

/** What failed is not what requests are to stay bound to. */
function after(before: Bond, bond: Bond): Bond {
  if (before.kind !== 'unbind' || bond.kind !== 'bind' || bond.over !== undefined) return bond;
  return { ...bond, over: before.target };
}
