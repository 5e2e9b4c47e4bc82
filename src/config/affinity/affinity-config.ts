import type { AffinityKind } from '../../routing/algorithms/index.ts';

/**
 * `affinity` of a loadbalance node: requests that belong together go to the target that answered the first of them, so that its prompt cache
 * is warm. Works over every algorithm: the target that answers is remembered, and passed over while it cools, is full, or has half as many
 * requests again in flight as its share. A request with `previous_response_id` goes to the target that made that response, and to no other, as
 * long as it is known.
 *
 * It is remembered in this process, and with the client option `shared` by all of them: the first that takes a target for a user binds the others,
 * in the same round trip in which they take their place. Who knows already does not ask again for a quarter of `ttl`. Redis holds hashes of
 * users, each for `ttl` seconds from its last question, and responses for a day; one that this process does not know costs a round trip.
 *
 * `strategy.sticky` computes the target from the request instead: nothing is learned, all processes agree, and a busy target keeps its callers.
 */
export interface Affinity {
  /**
   * `user`: `user` or `safety_identifier` of the body, or `_user`, `user_id`, `user` of the metadata. `session`: `session_id`, `_session`,
   * `conversation_id`, `thread_id` of the metadata, or `conversation`, `prompt_cache_key` of the body. `prefix`: the first 4,096 characters
   * (about 1,024 tokens) of tools, instructions and messages, and the model; shorter prompts are not cached by providers. Of several, the
   * first that a request says something of.
   */
  readonly by: AffinityKind | readonly AffinityKind[];
  /** Seconds a target is remembered after it has last answered. Default 3600; 300 where `by` begins with `prefix`, as long as providers keep a prefix. */
  readonly ttl?: number;
}
