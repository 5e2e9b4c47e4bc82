/** What a client has to let go of when it is closed: timers, connections, files. */
export interface Closers {
  /** Called once, when the client is closed, and waited for; at once, and without waiting, where it is closed already. */
  add(close: () => unknown): void;
  /** Closes everything, the last first; what was closed before stays so. Rejects with the first error, after all have been called. */
  close(): Promise<void>;
}

/** Nothing to close yet. */
export function createClosers(): Closers {
  const open: (() => unknown)[] = [];
  let closing: Promise<void> | undefined;
  return {
    add(close) {
      if (closing === undefined) open.push(close);
      else attempt(close).catch(() => undefined);
    },
    close() {
      closing ??= closeAll(open.splice(0).reverse());
      return closing;
    },
  };
}

async function closeAll(all: readonly (() => unknown)[]): Promise<void> {
  const results = await Promise.allSettled(all.map(attempt));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

async function attempt(close: () => unknown): Promise<void> {
  await close();
}
