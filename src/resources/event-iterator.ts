/** Items pushed by events, handed out one by one. What was not asked for yet is kept. */
export interface EventIterator<Item> extends AsyncIterableIterator<Item, undefined> {
  next(): Promise<IteratorResult<Item, undefined>>;
  return(): Promise<IteratorResult<Item, undefined>>;
}

/** What an {@link EventIterator} is told. */
export interface EventSinks<Item> {
  readonly item: (item: Item) => void;
  readonly fail: (error: Error) => void;
  readonly end: () => void;
}

/** Where an {@link EventIterator} gets its items. */
export interface EventSource<Item> {
  readonly ended: boolean;
  readonly listen: (sinks: EventSinks<Item>) => void;
  /** The reader left early. */
  readonly leave: () => void;
}

/** Listens to `source` from now on. After the items that came before it, a failure is thrown once. */
export function eventIterator<Item>(source: EventSource<Item>): EventIterator<Item> {
  const items: Item[] = [];
  const waiting: PromiseWithResolvers<IteratorResult<Item, undefined>>[] = [];
  let failure: Error | undefined;
  let open = !source.ended;
  const ended = { done: true, value: undefined } as const;

  if (open) {
    source.listen({
      item(value) {
        const reader = waiting.shift();
        if (reader) reader.resolve({ done: false, value });
        else if (open) items.push(value);
      },
      fail(error) {
        const reader = waiting.shift();
        if (reader) reader.reject(error);
        else if (open) failure = error;
      },
      end: close,
    });
  }

  function close(): void {
    open = false;
    for (const reader of waiting.splice(0)) reader.resolve(ended);
  }

  return {
    async next() {
      const [value] = items;
      if (items.length > 0) {
        items.shift();
        return { done: false, value: value as Item };
      }
      if (failure !== undefined) {
        const error = failure;
        failure = undefined;
        throw error;
      }
      if (!open) return ended;
      const reader = Promise.withResolvers<IteratorResult<Item, undefined>>();
      waiting.push(reader);
      return reader.promise;
    },
    async return() {
      items.length = 0;
      failure = undefined;
      if (open) {
        close();
        source.leave();
      }
      return ended;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
