/** How a node chooses among its children. */
export type StrategyMode = 'single' | 'fallback' | 'loadbalance' | 'conditional';

/** What may be told of a config: nothing that is secret. */
export interface ConfigFacts {
  /** Changes whenever the config behind its ID does; undefined where its source has no versions. */
  readonly version?: string;
  /** The strategies of the nodes with children, by path. */
  readonly modes: ReadonlyMap<string, StrategyMode>;
}
