/** Fields of a node that say what its targets are, for calls to ask for. */
export interface LabelFields {
  /**
   * A call with `tags` goes only to targets that have one of them; one without goes to targets tagged `default`, where there is none to all.
   * What a node says holds for all targets below it, beside their own. Where no target has tags, those of calls choose nothing.
   */
  readonly tags?: readonly string[];
  /** Whether one of a call's tags is enough, `any` (default), or a target must have `all`. The nearest node says it. */
  readonly tag_match?: 'any' | 'all';
  /** Where the target stands: a call with `region` goes only to targets that name it. The nearest node says it. */
  readonly region?: string;
}

/** What the labels of a whole config come to. */
export interface ConfigLabels {
  readonly hasTags: boolean;
  /** Is any target tagged `default`? */
  readonly hasDefault: boolean;
  readonly hasRegions: boolean;
}
