import type { CallOptions } from '../../config/client-options.ts';
import type { Portkey } from '../../portkey.ts';
import { callerOf } from '../../resources/caller-of.ts';
import { type HttpCall, serve } from '../../resources/http/index.ts';
import { incomingOf } from './incoming-of.ts';

/**
 * A `fetch` that answers out of `portkey`'s routing tree, for any client that takes one: no port, no hop. The base URL does not
 * matter, what follows its version decides: OpenAI's endpoints, Anthropic's `/messages`, and any other path of the provider. The
 * client's API key is not used. `x-portkey-*` headers of a call beat `options`, which stand for every call.
 *
 * It never rejects but with the reason of the call's signal: failures are responses with the provider's status, in the shape the
 * client reads. Once a config has tried more than once they carry `x-should-retry: false`, so that clients do not start over.
 * Throws `ConfigError` for options that cannot be meant.
 */
export function createFetch(portkey: Portkey, options: CallOptions = {}): typeof globalThis.fetch {
  const caller = callerOf(portkey);
  const standing = caller.readOptions(options);
  const prepare = (call: HttpCall): HttpCall => ({ ...call, params: { ...standing, ...call.params } });
  return async (input, init) => {
    // OpenAI's client reads `data:,` to see whose `Response` it gets.
    if (/^(?:data|blob):/.test(String(input))) return globalThis.fetch(input, init);
    const incoming = incomingOf(input, init);
    incoming.signal?.throwIfAborted();
    const response = await serve(caller, incoming, { prepare });
    if (incoming.signal?.aborted) {
      response.body?.cancel().catch(() => undefined);
      throw incoming.signal.reason;
    }
    return Object.defineProperty(response, 'url', { value: incoming.url });
  };
}
