/** Who wants to hear of changed documents. */
export interface Listeners {
  /** The returned function ends it. */
  subscribe(listener: (slug: string) => void): () => void;
  /** Tells everybody; what one throws disturbs nobody. */
  notify(slug: string): void;
  readonly isEmpty: boolean;
}

/** Nobody listens yet. `onFailure` is told what a listener throws; without it that is the listener's own affair. */
export function createListeners(onFailure?: (slug: string, error: unknown) => void): Listeners {
  const listeners = new Set<(slug: string) => void>();
  return {
    get isEmpty() {
      return listeners.size === 0;
    },
    subscribe(listener) {
      // Wrapped, so that a function subscribed twice is two listeners.
      const own = (slug: string) => listener(slug);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    notify(slug) {
      for (const listener of listeners) {
        try {
          listener(slug);
        } catch (error) {
          onFailure?.(slug, error);
        }
      }
    },
  };
}
