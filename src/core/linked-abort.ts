/**
 * The signal of a request that nobody can call off: never aborts and keeps no listener, so that one serves all. For our own eyes only;
 * foreign code wants a real one.
 */
export const neverAborts = {
  aborted: false,
  reason: undefined,
  addEventListener() {},
  removeEventListener() {},
  throwIfAborted() {},
} as unknown as AbortSignal;

/** A controller that also aborts when `parent` does, until it is unlinked. `AbortSignal.any` would cost more and hold on longer. */
export interface LinkedAbort {
  readonly signal: AbortSignal;
  abort(reason: unknown): void;
  /** Lets go of the parent; further aborts of it are not heard. */
  unlink(): void;
}

/** Links a fresh controller below `parent`; `reason` turns the parent's reason into this one's. */
export function linkedAbort(
  parent: AbortSignal | undefined,
  reason: (given: unknown) => unknown = (given) => given,
): LinkedAbort {
  const controller = new AbortController();
  const abort = (given: unknown) => controller.abort(given);
  if (parent === undefined) return { signal: controller.signal, abort, unlink: () => undefined };
  if (parent.aborted) {
    abort(reason(parent.reason));
    return { signal: controller.signal, abort, unlink: () => undefined };
  }
  const onAbort = () => abort(reason(parent.reason));
  parent.addEventListener('abort', onAbort, { once: true });
  return { signal: controller.signal, abort, unlink: () => parent.removeEventListener('abort', onAbort) };
}
