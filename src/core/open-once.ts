/** Something opened by its first use. */
export interface OpenedOnce<Value> {
  /** The one opening, shared by all who ask; after a failure the next who asks opens anew. */
  get(): Promise<Value>;
  /** What is open by now. */
  readonly known: Value | undefined;
}

/** Puts `open` off until it is needed, as for parts that need Node while the rest of the entry does not. */
export function openOnce<Value>(open: () => Promise<Value>): OpenedOnce<Value> {
  let opening: Promise<Value> | undefined;
  let known: Value | undefined;
  const start = async () => {
    try {
      known = await open();
      return known;
    } catch (error) {
      opening = undefined;
      throw error;
    }
  };
  return {
    get() {
      opening ??= start();
      return opening;
    },
    get known() {
      return known;
    },
  };
}
