import type { Transport } from '../src/core/transport.ts';

/** A network that answers every request at once with `replyText`, without what a `Response` costs. */
export function instantNetwork(replyText: string): Transport {
  return {
    send: async () => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: {
        text: async () => replyText,
        bytes: async () => new Uint8Array(),
        flow: () => ({ pause() {}, resume() {}, cancel() {} }),
        cancel() {},
      },
    }),
  };
}
