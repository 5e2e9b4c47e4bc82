/** What is known of a child at this moment, for whoever picks among children. A node's health is made of its children's. */
export interface Health {
  /** Stays the same when the config is edited elsewhere: target identity, for a node its targets' together. */
  readonly identity: string;
  /** Can the child ever be not ready? Those that can never be cost no question. */
  readonly isGuarded: boolean;
  /** Clock milliseconds from which it may be called: in the past when it is ready. Infinity while that depends on a probe under way. */
  readyAt(): number;
  /** Part of its weight the child may take at `now`: 0 while it cools or is full, growing to 1 after it recovered. */
  share(now: number): number;
  /** Requests in flight, streams until they end. */
  inFlight(): number;
  /** Requests it could take beside those in flight; Infinity without a limit. */
  headroom(): number;
  /** Undefined while nothing was measured. */
  latency(streamed: boolean): LatencyEstimate | undefined;
}

/** A moving average of response times. */
export interface LatencyEstimate {
  /** Time to the first token of a stream, or to the whole of another reply. */
  readonly ms: number;
  /** Clock milliseconds of the last measurement. */
  readonly at: number;
}
