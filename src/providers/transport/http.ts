import type { KyInstance, Options } from 'ky';
import { APIConnectionError, PortkeyError } from '../../core/errors/index.ts';
import type { HttpRequest, HttpResponse, Transport } from '../../core/transport.ts';
import { wireError } from './connection-error.ts';
import { loadNodeFetchAhead, nodeFetch } from './node-fetch.ts';
import { type Outgoing, toOutgoing } from './outgoing.ts';
import { type PublicHostsOnly, refusePrivateHost } from './public-hosts.ts';
import { isRedirect, maxRedirects, redirected } from './redirect.ts';
import { webFetch } from './web-fetch.ts';

/** What a transport is made with. */
export interface TransportOptions {
  /** Asked for every request. When absent `globalThis.fetch`, on Node by way of the dispatcher below it, at a fraction of the cost. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Refuses hosts that are, or lead to, private addresses, redirects included. Where they lead is known on Node alone, and without `fetch`. */
  readonly publicOnly?: PublicHostsOnly | undefined;
}

/**
 * Sends requests: through the dispatcher of Node where there is one, else through `fetch` by way of ky. Follows redirects and undoes
 * content codings; never retries, never gives up on its own, never throws
 * for a status. A URL or header that HTTP cannot carry is a `TranslationError`.
 */
export function createTransport(options: TransportOptions = {}): Transport {
  let loaded: KyInstance | undefined;
  if (options.fetch !== undefined || !loadNodeFetchAhead()) client().catch(() => undefined);
  return { send };

  // Loaded by those alone who need it: with it comes all of Node's web fetch, a third of the time that importing this package takes.
  async function client(): Promise<KyInstance> {
    const { default: ky } = await import('ky');
    // Of ky's retry, timeout and throwing nothing is used: the routing above has richer ones.
    loaded ??= ky.create({ retry: 0, timeout: false, throwHttpErrors: false, fetch: carry });
    return loaded;
  }

  async function send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    let outgoing = toOutgoing(request, signal);
    let response = await hop(outgoing);
    for (let redirects = 1; request.followsRedirects !== false && isRedirect(response); redirects++) {
      response.body.cancel();
      if (redirects > maxRedirects) throw endless(outgoing);
      outgoing = redirected(outgoing, response);
      response = await hop(outgoing);
    }
    return response;
  }

  function hop(outgoing: Outgoing): Promise<HttpResponse> {
    const { fetch, publicOnly } = options;
    try {
      if (publicOnly !== undefined) refusePrivateHost(outgoing, publicOnly);
      // Past ky, which would first make a web `Request` that this way has no use for: half the cost of a whole call.
      const sent = fetch === undefined ? nodeFetch(outgoing, publicOnly) : undefined;
      return sent ?? throughKy(outgoing);
    } catch (error) {
      return Promise.reject(named(outgoing, error));
    }
  }

  async function throughKy(outgoing: Outgoing): Promise<HttpResponse> {
    try {
      const send = loaded ?? (await client());
      const carried: unknown = await send(outgoing.request.url, { method: outgoing.method, outgoing } as Options);
      return (carried as CarriedResponse).response;
    } catch (error) {
      throw named(outgoing, error);
    }
  }

  /**
   * The `fetch` that ky is given. The request proper travels beside ky's `Request`, as an option unknown to ky: a body inside would be
   * copied, and a signal inside would be followed by two more.
   */
  function carry(_input: unknown, init: unknown): Promise<Response> {
    const { outgoing } = init as { readonly outgoing: Outgoing };
    return webFetch(options.fetch ?? globalThis.fetch, outgoing).then(
      toCarried,
    ) as Promise<unknown> as Promise<Response>;
  }
}

function named(outgoing: Outgoing, error: unknown): unknown {
  if (error instanceof PortkeyError && !outgoing.signal.aborted) return error;
  return wireError(outgoing, 'no response came', error);
}

function toCarried(response: HttpResponse): CarriedResponse {
  return new CarriedResponse(response);
}

/** As much of a `Response` as ky looks at. */
class CarriedResponse {
  readonly type = 'default';
  readonly response: HttpResponse;

  constructor(response: HttpResponse) {
    this.response = response;
  }

  get [Symbol.toStringTag](): string {
    return 'Response';
  }

  get ok(): boolean {
    return this.response.status >= 200 && this.response.status < 300;
  }
}

function endless({ method, address }: Outgoing): APIConnectionError {
  return new APIConnectionError(`${method} ${address.host}: redirected more than ${maxRedirects} times`);
}
