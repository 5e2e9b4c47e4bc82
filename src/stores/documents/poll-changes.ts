import type { DocumentStore } from '../../core/document-store.ts';
import type { Clock } from '../../core/runtime.ts';
import { createListeners } from './listeners.ts';

/** What stands for the latest version of each document, by slug. */
export type Heads = ReadonlyMap<string, string | number>;

const pollMs = 1000;

/**
 * Finds out once a second, for as long as anybody listens, which documents changed. While `heads` rejects, nothing has changed: readers keep
 * what they have.
 */
export function pollChanges(
  heads: () => Promise<Heads>,
  clock: Pick<Clock, 'after'>,
): NonNullable<DocumentStore['subscribe']> {
  const listeners = createListeners();
  let known: Heads | undefined;
  let isPolling = false;

  async function poll(): Promise<void> {
    const found = await heads().catch(() => undefined);
    if (found !== undefined) {
      const before = known;
      known = found;
      if (before !== undefined) for (const slug of changed(before, found)) listeners.notify(slug);
    }
    if (listeners.isEmpty) isPolling = false;
    else clock.after(pollMs, poll);
  }

  return (listener) => {
    const end = listeners.subscribe(listener);
    if (!isPolling) {
      isPolling = true;
      // What was there before is not known any more: the first look tells of nothing.
      known = undefined;
      void poll();
    }
    return end;
  };
}

function changed(before: Heads, after: Heads): readonly string[] {
  const slugs = new Set([...before.keys(), ...after.keys()]);
  return [...slugs].filter((slug) => before.get(slug) !== after.get(slug));
}
