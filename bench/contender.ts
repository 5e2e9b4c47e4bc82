/** Where a contender finds the servers of a benchmark. */
export interface Addresses {
  /** Base of the simulated provider, without `/v1`. */
  readonly upstream: string;
  /** Base of the Portkey gateway, with `/v1`; undefined when it cannot be run. */
  readonly gateway: string | undefined;
}

/** One operation. It may tell a time of its own, in milliseconds, such as the one to the first chunk of a stream. */
export type Operation = () => Promise<unknown> | undefined;

/** Somebody who does the job that is measured. Each runs in a process of its own. */
export interface Contender {
  readonly name: string;
  /** True when it goes through the Portkey gateway, whose own work is then told too. */
  readonly usesGateway?: boolean;
  /** Gets ready. Rejects with `PeerMissing` when the package it needs cannot be had. */
  open(addresses: Addresses): Promise<Operation>;
}

/** Contenders for one job. The first one is what the others are compared with. */
export interface Contest {
  readonly title: string;
  /** True when each does a job of its own, so that a comparison says nothing. */
  readonly unrelated?: boolean;
  readonly contenders: readonly Contender[];
  /** What one unit is called: `request`, `chunk`, `pick`. */
  readonly unit: string;
  readonly unitsPerOperation: number;
  readonly operationsPerRound: number;
  readonly concurrency: number;
  readonly rounds: number;
}
