import type { AuthScope } from '../../core/provider.ts';

/** Keeps what an issuer handed out until shortly before it expires. */
export interface TokenCache<Source, Token> {
  /**
   * The token for `source`: the kept one while it is fresh, else a new one. Callers that ask at the same time share one
   * request to the issuer; it is aborted once the last of them has left. Rejects with the issuer's error, or with
   * `scope.signal.reason` when this caller leaves. An error is not kept: the next caller asks again.
   */
  get(source: Source, scope: AuthScope): Promise<Token>;
}

/** A token as its issuer handed it out. */
export interface IssuedToken<Token> {
  readonly token: Token;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** How a {@link TokenCache} works. */
export interface TokenCacheOptions<Source, Token> {
  /** What tells one source from another, secrets included, so that a rotated secret is not served the old token. Never printed. */
  readonly keyOf: (source: Source) => string;
  /** Asks the issuer. `scope.signal` is this request's own: it outlives the caller that came first. */
  readonly fetchToken: (source: Source, scope: AuthScope) => Promise<IssuedToken<Token>>;
  /** Milliseconds before expiry from which a new token is asked for. */
  readonly refreshBeforeMs: number;
  /** Sources kept; the one unused the longest goes first. 1000 when absent. */
  readonly maxEntries?: number;
}

/**
 * A {@link TokenCache}. Time comes with each call (`scope.now`). While a token is in its last `refreshBeforeMs` and the
 * issuer fails, the old token is handed out as long as it is valid.
 */
export function createTokenCache<Source, Token>(options: TokenCacheOptions<Source, Token>): TokenCache<Source, Token> {
  const kept = new Map<string, IssuedToken<Token>>();
  const flights = new Map<string, Flight<Token>>();

  function keep(key: string, issued: IssuedToken<Token>): void {
    kept.delete(key);
    kept.set(key, issued);
    const oldest = kept.keys().next().value;
    if (kept.size > (options.maxEntries ?? 1000) && oldest !== undefined) kept.delete(oldest);
  }

  function start(key: string, source: Source, scope: AuthScope): Flight<Token> {
    const controller = new AbortController();
    const land = () => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    const issued = options.fetchToken(source, { ...scope, signal: controller.signal }).then(
      (fresh) => {
        land();
        keep(key, fresh);
        return fresh.token;
      },
      (error: unknown) => {
        land();
        const old = kept.get(key);
        if (old !== undefined && scope.now() < old.expiresAt) return old.token;
        throw error;
      },
    );
    const abort = (reason: unknown) => {
      land();
      controller.abort(reason);
    };
    const flight: Flight<Token> = { issued, waiting: 0, abort };
    flights.set(key, flight);
    return flight;
  }

  return {
    async get(source, scope) {
      scope.signal.throwIfAborted();
      const key = options.keyOf(source);
      const old = kept.get(key);
      if (old !== undefined && scope.now() < old.expiresAt - options.refreshBeforeMs) {
        keep(key, old);
        return old.token;
      }
      return join(flights.get(key) ?? start(key, source, scope), scope.signal);
    },
  };
}

/** One request to the issuer and how many wait for it. */
interface Flight<Token> {
  readonly issued: Promise<Token>;
  waiting: number;
  readonly abort: (reason: unknown) => void;
}

function join<Token>(flight: Flight<Token>, signal: AbortSignal): Promise<Token> {
  flight.waiting += 1;
  return new Promise((resolve, reject) => {
    const leave = () => {
      flight.waiting -= 1;
      if (flight.waiting === 0) flight.abort(signal.reason);
      reject(signal.reason);
    };
    signal.addEventListener('abort', leave, { once: true });
    flight.issued.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
