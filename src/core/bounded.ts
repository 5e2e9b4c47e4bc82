import type { Clock } from './runtime.ts';

/**
 * Runs `work`, for at most `timeoutMs`. Then its signal aborts and the promise rejects with a `TimeoutError`, whether or
 * not `work` heeds the signal: what it may still answer is ignored.
 */
export function bounded<T>(work: (signal: AbortSignal) => T | Promise<T>, timeoutMs: number, clock: Clock): Promise<T> {
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    const cancel = clock.after(timeoutMs, () => {
      const error = new DOMException(`no answer within ${timeoutMs} ms`, 'TimeoutError');
      controller.abort(error);
      reject(error);
    });
    Promise.resolve()
      .then(() => work(controller.signal))
      .then(resolve, reject)
      .finally(cancel);
  });
}

/**
 * What may be said in public of an error from foreign code: a timeout of {@link bounded} in full, else only the error's class and
 * system code (`Error ECONNREFUSED`). Its message may quote an address with a password, or the secret itself.
 */
export function publicReason(error: unknown): string {
  if (error instanceof DOMException) return error.message;
  if (!(error instanceof Error)) return `threw a ${typeof error}`;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? `${error.name} ${code}` : error.name;
}
