import { PortkeyError } from '../../../core/errors/portkey-error.ts';

/** One call that several identical requests wait for. */
export interface Flight {
  readonly landed: Promise<Landing>;
  /** Tells those who wait. Who asks later starts anew, once `kept` (when given) has resolved: until then the entry may not be readable yet. */
  land(landing: Landing, kept?: Promise<unknown>): void;
}

/** How a flight ended. */
export type Landing =
  /** The text of an entry, for everybody who waits; `isNear`: that of another request which means the same. */
  | { readonly kind: 'entry'; readonly text: string; readonly isNear?: boolean }
  /** The call failed for reasons that are not the leader's own. */
  | { readonly kind: 'failure'; readonly error: PortkeyError }
  /** The leader was aborted or left: another may lead. */
  | { readonly kind: 'left' }
  /** The answer is not for sharing: each makes a call of its own. */
  | { readonly kind: 'private' };

/** The flights under way, by ID. */
export interface Flights {
  get(id: string): Flight | undefined;
  start(id: string): Flight;
}

/** No flights yet. */
export function createFlights(): Flights {
  const underWay = new Map<string, Flight>();
  return {
    get: (id) => underWay.get(id),
    start(id) {
      const { promise, resolve } = Promise.withResolvers<Landing>();
      const leave = () => {
        if (underWay.get(id) === flight) underWay.delete(id);
      };
      const flight: Flight = {
        landed: promise,
        land(landing, kept) {
          resolve(landing);
          if (kept === undefined) leave();
          else kept.then(leave);
        },
      };
      underWay.set(id, flight);
      return flight;
    },
  };
}

/** Waits for the end of `flight`; rejects with the signal's reason as soon as it aborts. The flight is not disturbed by that. */
export function follow(flight: Flight, signal: AbortSignal): Promise<Landing> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    flight.landed.then((landing) => {
      signal.removeEventListener('abort', onAbort);
      resolve(landing);
    });
  });
}

/** How a failed call lands: its leader's own abort or deadline says nothing to those who wait, any other failure is theirs too. */
export function landingOf(error: unknown, signal: AbortSignal): Landing {
  const isOwn = signal.aborted || !(error instanceof PortkeyError) || error.kind === 'aborted';
  return isOwn ? { kind: 'left' } : { kind: 'failure', error };
}

/**
 * The same failure as an object of its own, for a caller who only waited: every call writes its own facts on its error. Such a caller
 * made no attempt and has seen nothing of a stream that broke.
 */
export function ownError(error: PortkeyError): PortkeyError {
  const descriptors = Object.getOwnPropertyDescriptors(error) as PropertyDescriptorMap;
  const { received: _received, traceId: _traceId, requestId: _requestId, ...members } = descriptors;
  const copy: PortkeyError = Object.create(Object.getPrototypeOf(error), {
    ...members,
    // Some engines make it an accessor that works on its own error only.
    stack: { value: error.stack, configurable: true, writable: true },
  });
  copy.attempts = [];
  return copy;
}
