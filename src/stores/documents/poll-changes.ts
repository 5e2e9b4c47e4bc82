import type { DocumentStore } from '../../core/document-store.ts';
import type { Clock } from '../../core/runtime.ts';
import { createListeners } from './listeners.ts';

/** What stands for the latest version of each document, by slug. */
export type Heads = ReadonlyMap<string, string | number>;

const pollMs = 1000;
const longestLookMs = 5000;

/**
 * Finds out once a second, for as long as anybody listens, which documents changed. While `heads` rejects or is silent, nothing has changed:
 * readers keep what they have, and `onLook` of each hears of it.
 */
export function pollChanges(
  heads: () => Promise<Heads>,
  clock: Pick<Clock, 'after'>,
): NonNullable<DocumentStore['subscribe']> {
  const listeners = createListeners();
  const watchers = new Set<(failure: unknown) => void>();
  let looking: Promise<Heads> | undefined;
  let known: Heads | undefined;
  let isPolling = false;

  /** One that never comes back is not asked again and again. */
  function look(): Promise<Heads> {
    looking ??= heads().finally(() => {
      looking = undefined;
    });
    return within(looking, clock);
  }

  function tell(failure: unknown): undefined {
    for (const watcher of watchers) watcher(failure);
  }

  async function poll(): Promise<void> {
    const found = await look().catch((error: unknown) => tell(error ?? new Error('no reason given')));
    if (found !== undefined) tell(undefined);
    if (found !== undefined) {
      const before = known;
      known = found;
      if (before !== undefined) for (const slug of changed(before, found)) listeners.notify(slug);
    }
    if (listeners.isEmpty) isPolling = false;
    else clock.after(pollMs, poll);
  }

  return (listener, onLook = () => undefined) => {
    const end = listeners.subscribe(listener);
    const watcher = (failure: unknown) => onLook(failure);
    watchers.add(watcher);
    if (!isPolling) {
      isPolling = true;
      // What was there before is not known any more: the first look tells of nothing.
      known = undefined;
      void poll();
    }
    return () => {
      watchers.delete(watcher);
      end();
    };
  };
}

/** Rejects when it takes longer than a look may. */
function within(looking: Promise<Heads>, clock: Pick<Clock, 'after'>): Promise<Heads> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(longestLookMs, () => reject(new DOMException('No answer in time.', 'TimeoutError')));
    looking.then(resolve, reject).finally(cancel);
  });
}

function changed(before: Heads, after: Heads): readonly string[] {
  const slugs = new Set([...before.keys(), ...after.keys()]);
  return [...slugs].filter((slug) => before.get(slug) !== after.get(slug));
}
