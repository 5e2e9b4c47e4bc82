/** `rate_limit`: so much of one quantity in any window of that length. Exactly one of the four quantities is given. */
export interface RateLimit {
  /** Calls sent; retries and failovers are calls too. */
  readonly requests?: number;
  /** Tokens of prompt and reply together. Estimated before a call is sent, corrected when its reply has ended. */
  readonly tokens?: number;
  /** Tokens of the prompt, without those read from a prompt cache. */
  readonly input_tokens?: number;
  /** Tokens of the reply. */
  readonly output_tokens?: number;
  /** `"1s"`, `"1m"`, `"500ms"`, `"1h"`, `"1d"`, or milliseconds. */
  readonly per: string | number;
  /**
   * `enforce` (default): a call that does not fit is refused at once with `CapacityError` (429, `Retry-After`), so that a fallback goes on.
   * `queue`: it waits, up to 10 s where no `queue` says otherwise; with a `queue` in force calls wait for `enforce` too. `steer`: pickers prefer
   * other targets, nothing is ever refused.
   */
  readonly mode?: 'steer' | 'enforce' | 'queue';
  /** Stretches the window by this part of it, 0 to 1, against what the network's jitter pushes together. 0.03 to 0.06 does for 30 to 60 ms in a window of a second. Default 0. */
  readonly safety_margin?: number;
}

/**
 * `queue`: a request that finds no room (rate limits, `max_concurrency`, cooldown) waits for it, the most urgent first. It comes down the
 * tree, the nearest holds. Where it is written does not say where requests wait: that is the highest place below which nothing else could
 * answer in the meantime, the root or a branch of a `conditional`. Written on a target of a `fallback` it also makes requests wait
 * there, before the fallback goes on.
 *
 * The order is strict: a large request at the head keeps small ones waiting that would fit, for what they take is what it waits for, and it would
 * starve. With `aging` nobody starves behind the more urgent either. A request that no time makes fit does not wait. Each process has a line of
 * its own: with the client option `shared` room goes to whichever process asks first once there is some, and a priority counts among the
 * requests of its process. Where it must count among all, submit jobs to `bullJobs`.
 */
export interface Queue {
  /** Seconds a request waits at most; then `QueueTimeoutError` (429, `Retry-After`). Default 10; 0 switches an inherited queue off. */
  readonly max_wait?: number;
  /** Requests waiting at one place at most; the least urgent is refused with `QueueFullError` (429). Default 1000. */
  readonly max_size?: number;
  /** Of requests that name no `priority`. Lower is more urgent. Default 0. */
  readonly default_priority?: number;
  /** Seconds of waiting that make a request one step more urgent, so that none starves. Default a tenth of `max_wait`; 0 switches it off. */
  readonly aging?: number;
}

/** One of `api_keys`: a key of the target's provider, with limits of its own. */
export interface ApiKey {
  /** As the provider gives it out. */
  readonly key: string;
  /** Identity across edits, as of a target. */
  readonly id?: string;
  /** Share, as of a target. Default 1. */
  readonly weight?: number;
  /** As of a target, for calls with this key. */
  readonly rate_limit?: RateLimit | readonly RateLimit[];
  /** `{ requests, per: "1m" }` */
  readonly rpm?: number;
  /** `{ tokens, per: "1m" }` */
  readonly tpm?: number;
  /** `{ requests, per: "1s" }` */
  readonly rps?: number;
  /** As of a target. */
  readonly quota_group?: string;
  /** Requests in flight with this key at most. */
  readonly max_concurrency?: number;
}

/** Keys of a node about how much it may be asked. */
export interface LimitFields {
  /**
   * How much may be sent. On a node with targets it holds for all calls made below it, each attempt counted. State is kept by identity: that of a
   * target, of a node its `id`, else its name and whom its targets ask; editing a config elsewhere does not reset it.
   */
  readonly rate_limit?: RateLimit | readonly RateLimit[];
  /** `{ requests, per: "1m" }` */
  readonly rpm?: number;
  /** `{ tokens, per: "1m" }` */
  readonly tpm?: number;
  /** `{ requests, per: "1s" }` */
  readonly rps?: number;
  /**
   * Targets of a client that name the same group share one quota of their provider. Limits written beside it are the group's and hold for all
   * its members in the config; after a `Retry-After` to one of them none is called before that time. Comes down the tree.
   */
  readonly quota_group?: string;
  /** A request that finds no room waits for it. */
  readonly queue?: Queue;
  /**
   * Target only: in place of `api_key`, several keys of its provider. Becomes a loadbalance by `rate_limit_aware` with failover over one
   * target per key; all other fields stay with the node, so that a `rate_limit` beside it holds for all keys together. Without any
   * `cooldown` above it has one of its own: a key that is refused (401, 403, billing) is left out for 10 minutes after one call, and nothing
   * else makes a key cool.
   */
  readonly api_keys?: readonly (string | ApiKey)[];
}
