import fc from 'fast-check';

/** How often each property is tried: `FUZZ_RUNS` times, by default as often as takes a few seconds a file. */
export const runs = (usual: number): number => Number(process.env['FUZZ_RUNS'] ?? usual);

/** Milliseconds after which something counts as hung. */
export const longestMs = 20_000;

/** Rejects when `promise` takes too long. */
export function inTime<Value>(promise: Promise<Value>, what: string): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${what} hangs`)), longestMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Any JSON, keys that are dangerous in JavaScript included. */
export const hostileJson: fc.Arbitrary<unknown> = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(
      fc.constantFrom<unknown>(
        null,
        true,
        false,
        0,
        -0,
        -1,
        1e308,
        -1e-300,
        2 ** 53,
        '',
        ' ',
        '\u0000',
        '\ud800',
        '🙂',
      ),
      fc.constantFrom('__proto__', 'constructor', '@slug/model', 'data:', '[DONE]', '{"a":', '$ref', '{x}'),
      fc.string({ maxLength: 8 }),
      fc.double(),
      fc.integer(),
    ),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(
        fc.constantFrom('__proto__', 'constructor', 'toString', 'length', 'error', 'type', 'message', 'content'),
        fc.string({ maxLength: 6 }),
      ),
      tie('json'),
      { maxKeys: 4 },
    ),
  ),
})).json;

/** One change of a JSON document: a value in it replaced, removed, doubled or wrapped. */
export interface Mutation {
  readonly place: number;
  readonly kind: 'replace' | 'remove' | 'double' | 'wrap';
  readonly value: unknown;
}

/** A few changes. */
export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.record({
    place: fc.nat({ max: 10_000 }),
    kind: fc.constantFrom('replace', 'replace', 'remove', 'double', 'wrap'),
    value: hostileJson,
  }),
  { minLength: 1, maxLength: 4 },
);

/** A copy of `document` with the changes made. */
export function mutated(document: unknown, changes: readonly Mutation[]): unknown {
  let copy: unknown = structuredClone(document);
  for (const { place, kind, value } of changes) {
    const places = placesIn(copy);
    const spot = places[place % Math.max(1, places.length)];
    // Later changes must not reach what was given.
    const own = structuredClone(value);
    if (spot === undefined) copy = own;
    else change(spot, kind, own);
  }
  return copy;
}

interface Spot {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function change({ holder, key }: Spot, kind: Mutation['kind'], value: unknown): void {
  if (kind === 'remove') delete holder[key];
  else if (kind === 'double') holder[`${key}x`] = holder[key];
  else if (kind === 'wrap') holder[key] = [holder[key]];
  else holder[key] = value;
}

function placesIn(value: unknown): readonly Spot[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key])]);
}

/** Where bytes are cut: any number of places. */
export const cuts: fc.Arbitrary<readonly number[]> = fc.array(fc.nat({ max: 100_000 }), { maxLength: 12 });

/** `bytes` in pieces, cut at places modulo their length. */
export function pieces(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  const edges = [0, ...ends, bytes.length];
  return edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
}
