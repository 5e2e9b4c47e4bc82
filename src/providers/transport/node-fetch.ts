import { type APIError, apiError } from '../../core/errors/api-error.ts';
import { lazyPart, loadAhead } from '../../core/lazy-part.ts';
import type { HttpResponse } from '../../core/transport.ts';
import type { Dispatcher, HandlerKind } from './node-dispatch.ts';
import { guardedAgent } from './node-fetch-guard.ts';
import type { Outgoing } from './outgoing.ts';
import type { PublicHostsOnly } from './public-hosts.ts';

/** How to talk to the undici inside this Node. */
interface Undici {
  /** Key of the dispatcher on `globalThis`. Source: undici documentation, "Global dispatcher". */
  readonly key: symbol;
  readonly handler: HandlerKind;
}

const fetchAtLoad = globalThis.fetch;
const undici = isNodesFetch(fetchAtLoad) ? undiciOfVersion(process.versions['undici']) : undefined;

/**
 * Sends a request through the dispatcher that Node's own `fetch` would use now, so that agents, proxies and mocks set for the whole
 * process hold here too. Redirects are not followed. Rejects as `Transport.send` does. Undefined where `fetch` is not Node's own, or
 * was replaced (by a mock, by instrumentation): then that one wants to be asked.
 */
export function nodeFetch(
  outgoing: Outgoing,
  publicOnly?: PublicHostsOnly | undefined,
): Promise<HttpResponse> | undefined {
  if (undici === undefined) return undefined;
  if (globalThis.fetch !== fetchAtLoad) {
    if (publicOnly !== undefined) throw unguarded();
    return undefined;
  }
  const current = dispatcherAt(undici.key) ?? loadDispatcher(undici.key);
  if (current === undefined) return undefined;
  const dispatcher = publicOnly === undefined ? current : guardedDispatcher(current, publicOnly);
  const { handler } = undici;
  if (dispatching.known !== undefined) return dispatching.known.sendThrough(dispatcher, outgoing, handler);
  return dispatching.get().then(({ sendThrough }) => sendThrough(dispatcher, outgoing, handler));
}

const dispatching = lazyPart('node-dispatch', () => import('./node-dispatch.ts'));

/** Begins to load what {@link nodeFetch} needs. False where nothing can come of it. */
export function loadNodeFetchAhead(): boolean {
  if (undici !== undefined) loadAhead([dispatching]);
  return undici !== undefined;
}

/** Can this runtime tell where a host's name leads before it connects? */
export const seesWhereNamesLead: boolean = undici !== undefined;

const guarded = new WeakMap<PublicHostsOnly, Dispatcher>();

/** One agent per rule: its connections are never shared with requests that may go anywhere. */
function guardedDispatcher(current: Dispatcher, hosts: PublicHostsOnly): Dispatcher {
  const known = guarded.get(hosts);
  if (known !== undefined) return known;
  const agent = guardedAgent(current, hosts) as Dispatcher | undefined;
  if (agent === undefined) throw unguarded();
  guarded.set(hosts, agent);
  return agent;
}

function unguarded(): APIError {
  return apiError({
    status: 403,
    kind: 'auth',
    type: 'permission_error',
    code: 'unguarded_address',
    message:
      "Callers' configs cannot be sent anywhere: this process connects through an agent of its own (a proxy or a mock), so that where a host leads cannot be checked.",
  });
}

function isNodesFetch(fetch: unknown): boolean {
  // Node's `fetch` is a function of its own that loads undici; a replacement does not.
  return typeof fetch === 'function' && /internal\/deps\/undici/.test(Function.prototype.toString.call(fetch));
}

function undiciOfVersion(version: string | undefined): Undici | undefined {
  switch (version?.split('.')[0]) {
    case '6':
    case '7':
      return { key: Symbol.for('undici.globalDispatcher.1'), handler: 'callbacks' };
    case '8':
      return { key: Symbol.for('undici.globalDispatcher.2'), handler: 'controller' };
    default:
      return undefined;
  }
}

function dispatcherAt(key: symbol): Dispatcher | undefined {
  return (globalThis as { readonly [key: symbol]: Dispatcher | undefined })[key];
}

/** Node loads undici, and with it the dispatcher, when something of it is first touched. */
function loadDispatcher(key: symbol): Dispatcher | undefined {
  return typeof Response === 'function' ? dispatcherAt(key) : undefined;
}
