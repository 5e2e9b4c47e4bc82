import type { RequestContext } from '../../../core/context.ts';
import type { ModelRequest } from '../../../core/handler.ts';
import type { Clock } from '../../../core/runtime.ts';
import { type CacheKeyParts, spaceKeys } from './cache-key.ts';
import type { Embedder } from './embedder.ts';
import { type SplitRequest, splitRequest } from './prompt-text.ts';
import type { SharedVectors } from './shared-vectors.ts';

/** How a node compares requests by meaning. */
export interface SemanticPolicy {
  /** Least cosine of two texts that count as the same, above 0 to 1. */
  readonly threshold: number;
  readonly embed: Embedder;
  /** Who makes the vectors: those of different makers are not compared. It may hold secrets: only its hash goes further. */
  readonly maker: () => string;
  /** Do other processes see the answers too? Then they see the vectors. */
  readonly isShared: boolean;
}

/** Looks for requests of the same meaning. */
export interface SemanticSearch {
  /** For one request; undefined where only equal requests can be answered. */
  begin(request: ModelRequest, context: RequestContext): Promise<SemanticLookup | undefined>;
}

/** One request among those of the same context. */
export interface SemanticLookup {
  /** Keys of answers to texts that mean the same, the nearest first, each when the one before was of no use. `failed`: nobody can say. */
  next(): Promise<string | undefined | 'failed'>;
  /** What `next` gave last leads nowhere any more. */
  drop(): void;
  /** The answer to this request is stored under `key`. Nobody waits. */
  keep(key: string, ttlMs: number): void;
}

/** Compares the last user's text of requests that are equal in all else. */
export function createSemanticSearch(
  policy: SemanticPolicy,
  parts: CacheKeyParts,
  { vectors, clock }: { readonly vectors: SharedVectors; readonly clock: Clock },
): SemanticSearch {
  const spaceOf = spaceKeys(parts, policy.maker);
  return {
    async begin(request, context) {
      const split = splitRequest(request);
      const space = split === undefined ? undefined : await spaceOf(split.rest, context);
      if (split === undefined || space === undefined) return undefined;
      return lookup({ split, space, context, policy, vectors, clock });
    },
  };
}

interface Scope {
  readonly split: SplitRequest;
  readonly space: string;
  readonly context: RequestContext;
  readonly policy: SemanticPolicy;
  readonly vectors: SharedVectors;
  readonly clock: Clock;
}

function lookup({ split, space, context, policy, vectors, clock }: Scope): SemanticLookup {
  let embedded: Promise<Float32Array | undefined> | undefined;
  let last: string | undefined;
  const vectorOf = () => {
    embedded ??= policy.embed(split.text, context);
    return embedded;
  };

  /** Others' vectors arrive while this one is made. */
  async function ready(): Promise<Float32Array | undefined> {
    if (embedded !== undefined || !policy.isShared) return vectorOf();
    const heard = vectors.hear(space);
    const vector = await vectorOf();
    await heard();
    return vector;
  }

  return {
    async next() {
      const vector = await ready();
      if (vector === undefined) return 'failed';
      last = vectors.index.nearest(space, vector, policy.threshold, clock.now());
      return last;
    },
    drop() {
      if (last !== undefined) vectors.index.remove(space, last);
    },
    keep(key, ttlMs) {
      vectorOf().then(
        (vector) => {
          const record = vector && { key, vector, expiresAt: clock.now() + ttlMs };
          if (record !== undefined) vectors.add(space, record, policy.isShared);
        },
        // Only a caller who left rejects: his answer stays without a vector.
        () => undefined,
      );
    },
  };
}
