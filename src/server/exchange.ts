import type { Endpoint } from '../core/endpoint.ts';
import type { Runtime } from '../core/runtime.ts';
import type { KeyOwner } from './keys/key-ring.ts';
import type { RequestRecord } from './options.ts';

/** One HTTP request under way: what the parts of the server tell each other of it. */
export interface Exchange {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** The caller's, else made for this request. */
  readonly traceId: string;
  /** Who asks; undefined where nobody needs a key. */
  owner: KeyOwner | undefined;
  /** The provider's key that came with the request. */
  providerKey: string | undefined;
  /** What is asked, as metrics name it. */
  endpoint: ExchangeEndpoint;
  /** Headers for the response, whatever it will be. */
  readonly responseHeaders: Record<string, string>;
  /** Facts for the record of the request. */
  readonly facts: ExchangeFacts;
  /** The response is over: tells everybody who counts, once. */
  finish(status: number, outcome: RequestRecord['outcome']): void;
}

/** {@link Exchange.endpoint} */
export type ExchangeEndpoint = Endpoint | 'health' | 'ready' | 'metrics' | 'admin' | 'console' | 'queue' | 'other';

/** What the routing of a request found out. */
export type ExchangeFacts = { -readonly [Name in FactName]?: RequestRecord[Name] };

type FactName = 'provider' | 'target' | 'model' | 'inputTokens' | 'outputTokens' | 'cache' | 'error' | 'outcome';

/** The exchanges of a server. */
export interface Exchanges {
  open(start: ExchangeStart): Exchange;
  /** Requests whose response is not over. */
  readonly inFlight: number;
}

/** What is known when a request comes. */
export type ExchangeStart = Pick<Exchange, 'method' | 'path' | 'headers' | 'traceId'>;

/** No exchanges yet. `onFinish` hears of each once it is over. */
export function createExchanges(
  { clock }: Pick<Runtime, 'clock'>,
  onFinish: (record: RequestRecord, endpoint: ExchangeEndpoint) => void,
): Exchanges {
  let inFlight = 0;
  return {
    get inFlight() {
      return inFlight;
    },
    open(start) {
      inFlight++;
      let isOver = false;
      const exchange: Exchange = {
        ...start,
        startedAt: clock.now(),
        owner: undefined,
        providerKey: undefined,
        endpoint: 'other',
        responseHeaders: {},
        facts: {},
        finish(status, outcome) {
          if (isOver) return;
          isOver = true;
          inFlight--;
          onFinish(recordOf(exchange, status, outcome, clock.now()), exchange.endpoint);
        },
      };
      return exchange;
    },
  };
}

function recordOf(
  { startedAt, method, path, traceId, owner, facts }: Exchange,
  status: number,
  outcome: RequestRecord['outcome'],
  now: number,
): RequestRecord {
  return {
    time: startedAt,
    method,
    path,
    status,
    durationMs: now - startedAt,
    traceId,
    ...(owner === undefined ? {} : { client: owner.id }),
    ...facts,
    outcome: outcome === 'success' && facts.outcome !== undefined ? facts.outcome : outcome,
  };
}
