import type { JsonObject } from '../../core/json.ts';

/** How one request of a load test went. */
export interface CallOutcome {
  /** What failed, as in `429 rate_limit`; undefined when it succeeded. */
  readonly failure?: string;
  /** Who answered, or failed last: the path of the target in the config, where known. */
  readonly target?: string;
  readonly provider?: string;
  /** Tries the request took, where known. */
  readonly tries?: number;
  /** Milliseconds until the first content of a stream. */
  readonly firstTokenMs?: number;
  readonly tokens?: number;
  /** A cache answered: nobody was asked. */
  readonly isCached?: true;
}

/** Makes one request; never rejects. */
export type Sender = (body: JsonObject, signal: AbortSignal) => Promise<CallOutcome>;
