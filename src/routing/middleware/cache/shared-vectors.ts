import type { Runtime } from '../../../core/runtime.ts';
import type { VectorLog, VectorPage, VectorRecord } from '../../../core/vector-log.ts';
import type { Outage } from '../shared/outage.ts';
import { createStoreGuard } from './store-guard.ts';
import type { VectorIndex } from './vector-index.ts';

/** The vectors of a client's semantic caches: all it knows in memory, and what other processes add. */
export interface SharedVectors {
  readonly index: VectorIndex;
  /** Reads what others added to a space. Call what it returns to wait for that, for a few ms at most. */
  hear(space: string): () => Promise<unknown> | undefined;
  add(space: string, record: VectorRecord, isShared: boolean): void;
}

/** Once the vector of a request is there, it waits no longer than this for those of others. Milliseconds. */
const longestWaitMs = 5;

/** A page may hold megabytes. Milliseconds. */
const longestReadMs = 1000;

const pauseMs = 1000;

/** Spaces whose place in the log is remembered. One that is forgotten is read anew. */
const mostCursors = 10_000;

/** Vectors in `index`; without a `log` those of this process alone. */
export function createSharedVectors(
  index: VectorIndex,
  log: VectorLog | undefined,
  runtime: Pick<Runtime, 'clock' | 'events'>,
  outage?: Outage,
): SharedVectors {
  const { clock } = runtime;
  const consequence = 'Until it works again the semantic cache knows the vectors of this process alone.';
  const guard = createStoreGuard({ code: 'store', subject: 'The vector log', consequence, pauseMs, outage }, runtime);
  const cursors = new Map<string, string>();

  function take(space: string, { records, cursor }: VectorPage): void {
    for (const record of records) index.add(space, record);
    cursors.delete(space);
    if (cursor === undefined) return;
    if (cursors.size >= mostCursors) cursors.delete(cursors.keys().next().value ?? '');
    cursors.set(space, cursor);
  }

  return {
    index,
    hear(space) {
      if (log === undefined) return () => undefined;
      // What the index had to drop is read anew.
      const cursor = index.has(space) ? cursors.get(space) : undefined;
      const heard = guard(
        { name: 'read', limitMs: longestReadMs, isAwaited: false },
        () => log.since(space, cursor),
        (page) => take(space, page),
      );
      if (!(heard instanceof Promise)) return () => undefined;
      return () =>
        new Promise((resolve) => {
          const cancel = clock.after(longestWaitMs, () => resolve(undefined));
          heard.finally(() => {
            cancel();
            resolve(undefined);
          });
        });
    },
    add(space, record, isShared) {
      index.add(space, record);
      if (log === undefined || !isShared) return;
      guard(
        { name: 'write', limitMs: longestReadMs, isAwaited: false },
        () => log.append(space, record),
        () => undefined,
      );
    },
  };
}
