import type { Seeded } from './seeded.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How a provider behaves for a while. */
export const moods = [
  'healthy',
  'flaky',
  'down',
  'refusing',
  'limited',
  'silent',
  'slow',
  'garbage',
  'cutting',
  'stalling',
  'forbidden',
  'picky',
] as const;

/** One of {@link moods}. */
export type Mood = (typeof moods)[number];

/** What comes of one call: when the headers are there, and then what. */
export type Outcome =
  | { readonly kind: 'answer'; readonly afterMs: number; readonly chunkMs: number; readonly chunks: number }
  | {
      readonly kind: 'status';
      readonly afterMs: number;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'refused'; readonly afterMs: number }
  | { readonly kind: 'silent' }
  | { readonly kind: 'garbage'; readonly afterMs: number }
  /** Breaks after so many chunks: by a reset, an early end, or an error event. */
  | { readonly kind: 'cut'; readonly afterMs: number; readonly chunks: number; readonly by: 'reset' | 'end' | 'event' }
  | { readonly kind: 'stall'; readonly afterMs: number; readonly chunks: number };

/** A provider whose mood changes now and then, the same way for the same seed. */
export function moodyProvider(
  chance: Seeded,
  time: VirtualTime,
  isAlwaysHealthy: boolean,
): { outcome(): Outcome; mood(): Mood } {
  let mood: Mood = isAlwaysHealthy || chance.chance(0.7) ? 'healthy' : chance.pick(moods);
  let until = time.now() + chance.exponential(20_000);
  const current = () => {
    while (!isAlwaysHealthy && time.now() >= until) {
      mood = chance.chance(0.6) ? 'healthy' : chance.pick(moods);
      until += 500 + chance.exponential(20_000);
    }
    return mood;
  };
  return { mood: current, outcome: () => outcomes[current()](chance) };
}

const headersAfter = (chance: Seeded) => 5 + chance.exponential(40);

const answer = (chance: Seeded): Outcome => ({
  kind: 'answer',
  afterMs: headersAfter(chance),
  chunkMs: 1 + chance.exponential(20),
  chunks: chance.int(1, 12),
});

function status(chance: Seeded, code: number, headers: Readonly<Record<string, string>> = {}): Outcome {
  return { kind: 'status', afterMs: headersAfter(chance), status: code, headers };
}

const outcomes: Readonly<Record<Mood, (chance: Seeded) => Outcome>> = {
  healthy: answer,
  flaky: (chance) => (chance.chance(0.5) ? answer(chance) : status(chance, chance.pick([500, 502, 503, 504, 529]))),
  down: (chance) => status(chance, chance.pick([500, 503])),
  refusing: (chance) => ({ kind: 'refused', afterMs: chance.next() * 3 }),
  limited: (chance) =>
    status(
      chance,
      429,
      chance.pick([
        {},
        { 'retry-after': String(chance.int(0, 5)) },
        { 'retry-after-ms': String(chance.int(1, 900)) },
        { 'retry-after': '86400' },
        { 'retry-after': 'soon' },
      ]),
    ),
  silent: () => ({ kind: 'silent' }),
  slow: (chance) => ({
    kind: 'answer',
    afterMs: 1000 + chance.exponential(8000),
    chunkMs: 200 + chance.exponential(500),
    chunks: chance.int(1, 8),
  }),
  garbage: (chance) => ({ kind: 'garbage', afterMs: headersAfter(chance) }),
  cutting: (chance) => ({
    kind: 'cut',
    afterMs: headersAfter(chance),
    chunks: chance.int(0, 5),
    by: chance.pick(['reset', 'end', 'event'] as const),
  }),
  stalling: (chance) => ({ kind: 'stall', afterMs: headersAfter(chance), chunks: chance.int(0, 3) }),
  forbidden: (chance) => status(chance, chance.pick([401, 403])),
  picky: (chance) => status(chance, chance.pick([400, 404, 413, 422])),
};
