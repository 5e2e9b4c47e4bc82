import { LogStoreError } from '../../core/errors/log-errors.ts';
import type { LogBatch, LogStore } from '../../core/log-store.ts';
import { figuresOf } from './figures-of.ts';
import { redactText } from './redact.ts';

/** Large enough that a transaction costs little, soon enough that a crash loses little. */
const batch: LogBatch = { records: 200, delayMs: 200 };

/**
 * A store that is opened when it is first asked; after a failure, when it is next asked. `name` is what its errors say:
 * `The log file logs.db`. They are `LogStoreError`s.
 */
export function lateStore(open: () => Promise<LogStore>, name: string): LogStore {
  let opening: Promise<LogStore> | undefined;

  async function opened(): Promise<LogStore> {
    opening ??= open();
    try {
      return await opening;
    } catch (error) {
      opening = undefined;
      throw failure('cannot be opened', error);
    }
  }

  function failure(what: string, error: unknown): LogStoreError {
    const reason = error instanceof Error ? error.message : String(error);
    return new LogStoreError(`${name} ${what}: ${redactText(reason)}`);
  }

  async function asked<Result>(ask: (store: LogStore) => Result | Promise<Result>): Promise<Result> {
    const store = await opened();
    try {
      return await ask(store);
    } catch (error) {
      throw failure('failed', error);
    }
  }

  return {
    batch,
    append: (records) => asked((store) => store.append(records)),
    list: (query) => asked((store) => store.list(query)),
    figures: (query) => asked((store) => figuresOf(store, query)),
    get: (id) => asked((store) => store.get(id)),
    putFeedback: (feedback) => asked((store) => store.putFeedback(feedback)),
    feedback: (id) => asked((store) => store.feedback(id)),
    feedbackOn: (traceIds) => asked((store) => store.feedbackOn(traceIds)),
    prune: (limits) => asked((store) => store.prune(limits)),
    // What was never opened needs no closing.
    close: () => opening?.then((store) => store.close()),
  };
}
