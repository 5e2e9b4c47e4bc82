/** One thing looked at, and what was found. Holds no secret. */
export interface Check {
  readonly area: 'versions' | 'keys' | 'config' | 'reachability' | 'redis';
  readonly name: string;
  /** `note`: neither good nor bad. */
  readonly status: 'ok' | 'warning' | 'failed' | 'note';
  readonly detail: string;
}
