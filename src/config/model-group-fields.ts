/**
 * Root of a config that serves several models: what a request's `model` leads to. Beside these keys a root may have `retry`, `cache`,
 * `cooldown`, timeouts and params, which hold for every group; `strategy`, `targets` and credentials stand inside the groups.
 */
export interface ModelGroupFields<Node> {
  /**
   * Groups by the `model` they answer to, each a target or a node of any strategy. A name may hold `*`: of the patterns that match, the
   * one with the most other characters answers, `"*"` last; what the stars stand for takes the places of the stars in a target's
   * `override_params.model`, from the last one back. A group whose targets set no model is asked by its own name. A model that is no
   * group's is refused with `ModelNotFoundError` (404).
   */
  readonly model_groups?: Readonly<Record<string, Node>>;
  /** Other names of groups, seen before everything else, in the fallbacks below too. A `hidden` one is not listed among the models. */
  readonly aliases?: Readonly<Record<string, string | ModelAlias>>;
  /**
   * Groups to ask, in order, when one has failed; each group is asked once per request, and those asked in a group's place have
   * their own fallbacks. `"*"` stands for every group without an entry. A caller that leaves, and a deadline, end it at once.
   */
  readonly fallbacks?: GroupFallbackMap;
  /** In place of `fallbacks` when the prompt was too long. With this map a group without an entry has no fallback for such failures. */
  readonly context_window_fallbacks?: GroupFallbackMap;
  /** In place of `fallbacks` when the content was refused. With this map a group without an entry has no fallback for such failures. */
  readonly content_policy_fallbacks?: GroupFallbackMap;
  /** The same as `fallbacks` for `"*"`. */
  readonly default_fallbacks?: readonly string[];
  /** Fallbacks of fallbacks are followed this deep. Default 5; 0 switches them off. */
  readonly max_fallbacks?: number;
  /**
   * `litellm`: the body fields that LiteLLM reads hold for the single request, and reach no provider: `fallbacks`,
   * `context_window_fallbacks`, `content_policy_fallbacks`, `disable_fallbacks`, `max_fallbacks`, `num_retries`, `timeout`,
   * `request_timeout`, `stream_timeout`, `metadata`, `tags`, `priority`, `cache`, `mock_testing_fallbacks` and its relatives.
   */
  readonly compat?: 'litellm';
}

/** From a group, or `"*"`, to the groups asked in its place. */
export type GroupFallbackMap = Readonly<Record<string, readonly string[]>>;

/** An alias that says more than its group. */
export interface ModelAlias {
  readonly model: string;
  readonly hidden?: boolean;
}

/** The keys of {@link ModelGroupFields}. */
export const rootKeys = [
  'model_groups',
  'aliases',
  'fallbacks',
  'context_window_fallbacks',
  'content_policy_fallbacks',
  'default_fallbacks',
  'max_fallbacks',
  'compat',
] as const satisfies (keyof ModelGroupFields<unknown>)[];
