import type { Transport } from '../../../src/core/transport.ts';
import { createTransport } from '../../../src/providers/transport/http.ts';

/** Both ways a request can take on Node; every wire and fault test runs over both. */
export const paths: readonly (readonly [name: string, transport: Transport])[] = [
  ["node's dispatcher", createTransport()],
  ['a plain fetch', createTransport({ fetch: (input, init) => fetch(input, init) })],
];

/** A signal that never aborts. */
export function noAbort(): AbortSignal {
  return new AbortController().signal;
}
