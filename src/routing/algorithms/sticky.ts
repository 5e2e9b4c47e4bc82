import type { Algorithm } from '../../core/algorithm.ts';
import { candidates } from './readiness.ts';
import { weighted } from './weighted.ts';

/**
 * The same child for requests that have the same sticky key, shares by weight. Rendezvous hashing (Thaler and Ravishankar, "A
 * name-based mapping scheme for rendezvous", 1998): when a child goes, or cools, only its own keys move, each to its next best child,
 * and every process agrees without talking. A request without a key is picked by weighted turns.
 */
export const sticky: Algorithm = (weights, random, view) => {
  const turns = weighted(weights, random, view);
  if (view?.stickyKey === undefined) return turns;
  const seeds = weights.map((_, index) => hash32(view.identity(index)));
  return {
    pick(avoid, request, context, demand) {
      const key = request === undefined || context === undefined ? undefined : view.stickyKey?.(request, context);
      if (key === undefined) return turns.pick(avoid, request, context, demand);
      return highest(hash32(key), candidates(weights, avoid, view, demand), { weights, seeds });
    },
  };
};

interface Contest {
  readonly weights: readonly number[];
  readonly seeds: readonly number[];
}

/** The child with the highest score of weight / -ln(u), u being its and the key's common hash: shares come out by weight. */
function highest(key: number, indexes: readonly number[], { weights, seeds }: Contest): number | undefined {
  let best: number | undefined;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const index of indexes) {
    const unit = (mix(key ^ (seeds[index] as number)) + 0.5) / 2 ** 32;
    const score = (weights[index] as number) / -Math.log(unit);
    if (score > bestScore) {
      best = index;
      bestScore = score;
    }
  }
  return best;
}

/** FNV-1a over UTF-16 units, then {@link mix}: even bits from texts that differ little. */
function hash32(text: string): number {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  return mix(state);
}

/** MurmurHash3's finalizer: every bit of the result depends on every bit given. Unsigned 32 bits. */
function mix(value: number): number {
  let state = value;
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}
