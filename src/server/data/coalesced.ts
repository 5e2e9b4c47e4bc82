/** `act`, one at a time: whoever asks while one is under way shares the next. Resolves when an `act` that began after the asking is done. */
export function coalesced(act: () => Promise<void>): () => Promise<void> {
  let current: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  return function run(): Promise<void> {
    if (current === undefined) {
      current = act().finally(() => {
        current = undefined;
      });
      return current;
    }
    next ??= current
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return run();
      });
    return next;
  };
}
