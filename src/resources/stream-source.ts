/** Items handed out one by one, read once. `return()` ends it from any state, also before the first `next()`. */
export interface StreamSource<Item> extends AsyncIterableIterator<Item, undefined> {
  next(): Promise<IteratorResult<Item, undefined>>;
  return(): Promise<IteratorResult<Item, undefined>>;
}

/** What every `next()` after the end, and `return()`, resolves to. */
export const ended: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });
