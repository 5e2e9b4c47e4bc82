import { APIUserAbortError } from '../core/errors/connection-errors.ts';
import { type EventIterator, eventIterator } from './event-iterator.ts';

/** What every helper that reports by events reports. */
export interface EventStreamEvents {
  /** The provider has begun to answer. */
  connect: () => void;
  /** The run failed. Without a listener, and with nobody waiting on a promise of the run, the failure is unhandled. */
  error: (error: Error) => void;
  /** The run was aborted. Unhandled under the same conditions as `error`. */
  abort: (error: APIUserAbortError) => void;
  /** The run is over, however it went. Always the last event. */
  end: () => void;
}

/** The arguments of `Events`' listeners for one event. */
export type EventArguments<Events, Name extends keyof Events> = Events[Name] extends (...args: infer Args) => unknown
  ? Args
  : never;

/** What `emitted` resolves to: nothing, the only argument, or all of them. */
export type Emitted<Args> = Args extends [] ? undefined : Args extends [infer Only] ? Only : Args;

interface Registration {
  readonly listener: unknown;
  readonly once: boolean;
}

/**
 * Base of the helpers that report what they do by events, as the `openai` package's do. Work begins in a later microtask,
 * so that listeners added right after creation miss nothing. What a listener throws fails the run.
 */
export class EventStream<Events extends EventStreamEvents> {
  /** Aborting it is `abort()`. */
  readonly controller: AbortController = new AbortController();
  readonly #registrations = new Map<keyof Events, Registration[]>();
  readonly #finished = Promise.withResolvers<void>();
  #observed = false;
  #state: 'running' | 'failed' | 'aborted' = 'running';
  #ended = false;

  /** True once `end` was reported. */
  get ended(): boolean {
    return this.#ended;
  }

  /** True when the run failed or was aborted. */
  get errored(): boolean {
    return this.#state !== 'running';
  }

  /** True when the run was aborted. */
  get aborted(): boolean {
    return this.#state === 'aborted';
  }

  /** Cancels what is under way: the provider's socket closes, `abort` and `end` are reported. */
  abort(): void {
    this.controller.abort();
  }

  /** Adds a listener; one added twice is called twice. */
  on<Name extends keyof Events>(event: Name, listener: Events[Name]): this {
    return this.#add(event, { listener, once: false });
  }

  /** Adds a listener that is called once. */
  once<Name extends keyof Events>(event: Name, listener: Events[Name]): this {
    return this.#add(event, { listener, once: true });
  }

  /** Removes a listener, one of those added when it was added several times. */
  off<Name extends keyof Events>(event: Name, listener: Events[Name]): this {
    const registrations = this.#registrations.get(event) ?? [];
    const at = registrations.findIndex((each) => each.listener === listener);
    if (at !== -1) this.#registrations.set(event, registrations.toSpliced(at, 1));
    return this;
  }

  /** The next event of this name. Rejects when the run fails or is aborted first, unless that is the event asked for. */
  emitted<Name extends keyof Events>(event: Name): Promise<Emitted<EventArguments<Events, Name>>> {
    this.#observed = true;
    return new Promise((resolve, reject) => {
      const failures = (['error', 'abort'] as const).filter((name) => name !== event);
      for (const name of failures) this.#add(name, { listener: reject, once: true });
      const listener = (...args: unknown[]) => {
        for (const name of failures) this.off(name, reject as Events['error' | 'abort']);
        resolve((args.length > 1 ? args : args[0]) as Emitted<EventArguments<Events, Name>>);
      };
      this.#add(event, { listener, once: true });
    });
  }

  /** Resolves when the run is over; rejects when it failed or was aborted. */
  done(): Promise<void> {
    this.#observed = true;
    return this.#finished.promise;
  }

  /** Reports an event. Nothing is reported after `end`. */
  protected emit(event: keyof Events, ...args: readonly unknown[]): void {
    const registrations = this.#ended ? [] : (this.#registrations.get(event) ?? []);
    if (registrations.some((each) => each.once)) {
      this.#registrations.set(
        event,
        (this.#registrations.get(event) ?? []).filter((each) => !each.once),
      );
    }
    for (const { listener } of registrations) (listener as (...args: readonly unknown[]) => void)(...args);
  }

  /** Runs `work`, then reports how it went. Aborts when `signal` does. */
  protected run(work: () => Promise<unknown>, signal: AbortSignal | null | undefined): void {
    this.#finished.promise.catch(() => undefined);
    const follow = () => this.controller.abort(signal?.reason);
    if (signal?.aborted) follow();
    signal?.addEventListener('abort', follow, { once: true });
    Promise.resolve()
      .then(work)
      .then(() => this.emitFinal())
      .finally(() => signal?.removeEventListener('abort', follow))
      .then(
        () => this.#end(() => this.#finished.resolve()),
        (error: unknown) => this.#end(() => this.#fail(error)),
      );
  }

  /** Whoever waits for `done()` goes on after `end` was reported. */
  #end(settle: () => void): void {
    try {
      settle();
    } finally {
      this.emit('end');
      this.#ended = true;
    }
  }

  /** Reports what is known only when all is done. */
  protected emitFinal(): void {}

  /** Throws when the run was aborted: streams end quietly then. */
  protected throwIfAborted(): void {
    if (this.controller.signal.aborted) throw new APIUserAbortError(undefined, this.controller.signal.reason);
  }

  /** The arguments of every `event` from now on. Leaving it aborts the run. */
  protected iterate<Item>(event: keyof Events): EventIterator<Item> {
    return eventIterator<Item>({
      ended: this.#ended,
      listen: (sink) => {
        this.#add(event, { listener: sink.item, once: false });
        this.#add('error', { listener: sink.fail, once: true });
        this.#add('abort', { listener: sink.fail, once: true });
        this.#add('end', { listener: sink.end, once: true });
      },
      leave: () => {
        this.#observed = true;
        this.abort();
      },
    });
  }

  #add(event: keyof Events, registration: Registration): this {
    this.#registrations.set(event, [...(this.#registrations.get(event) ?? []), registration]);
    return this;
  }

  #fail(reason: unknown): void {
    const aborted = this.controller.signal.aborted || reason instanceof APIUserAbortError;
    const event = aborted ? 'abort' : 'error';
    const error = aborted ? abortError(reason) : asError(reason);
    this.#state = aborted ? 'aborted' : 'failed';
    this.#finished.reject(error);
    const heard = (this.#registrations.get(event) ?? []).length > 0;
    if (!heard && !this.#observed) Promise.reject(error);
    this.emit(event, error);
  }
}

function abortError(reason: unknown): APIUserAbortError {
  return reason instanceof APIUserAbortError ? reason : new APIUserAbortError(undefined, reason);
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason), { cause: reason });
}
