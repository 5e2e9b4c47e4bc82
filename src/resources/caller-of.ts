import type { Caller } from './caller.ts';

// Registered, so that a client and an adapter out of different bundles find each other.
const callerKey = Symbol.for('modelmux.caller');

/** Lets adapters and servers reach what stands behind `client`, without a place in its types. */
export function attachCaller(client: object, caller: Caller): void {
  Object.defineProperty(client, callerKey, { value: caller });
}

/** What stands behind a client. Throws a `TypeError` for anything that is none. */
export function callerOf(client: object): Caller {
  const caller = (client as { readonly [callerKey]?: Caller } | null)?.[callerKey];
  if (caller === undefined) throw new TypeError('Expected a Portkey client, such as new Portkey({ config }).');
  return caller;
}
