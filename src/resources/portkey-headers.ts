import type { HeaderMap } from '../core/reply.ts';

/** What Portkey says about a reply: names as in its headers, without `x-portkey-`. */
export interface PortkeyHeaders {
  readonly [name: string]: string | undefined;
  readonly 'trace-id'?: string;
  /** `HIT`, `MISS`, `REFRESH`, `DISABLED`, `SEMANTIC HIT` or `SEMANTIC MISS`. */
  readonly 'cache-status'?: string;
  /** Which target answered: `config.targets[1]`. */
  readonly 'last-used-option-index'?: string;
  /** Retries of the answering target: `0`, `n`, or `-1` when all were used up. */
  readonly 'retry-attempt-count'?: string;
  readonly provider?: string;
}

const prefix = 'x-portkey-';

/** Those of `headers` that begin with `x-portkey-`, without it. */
export function portkeyHeaders(headers: HeaderMap): PortkeyHeaders {
  const short: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(prefix)) short[name.slice(prefix.length)] = value;
  }
  return short;
}
