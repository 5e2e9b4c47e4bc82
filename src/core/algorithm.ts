/** Chooses among the children of a loadbalance node. Holds what the choice depends on from call to call, such as whose turn it is. */
export interface Picker {
  /** Index of the child to call; `avoid` holds indexes not to pick. Undefined when no child with a positive weight is left. */
  pick(avoid?: ReadonlySet<number>): number | undefined;
}

/** Makes a picker for children of these weights (each >= 0, at least one > 0). `random` is uniform in [0, 1). */
export type Algorithm = (weights: readonly number[], random: () => number) => Picker;
