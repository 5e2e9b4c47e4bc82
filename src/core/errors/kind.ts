/**
 * What went wrong, as `on_errors` names it. `overloaded` counts as `server`, `not_found` and `invalid_request` are the
 * caller's or the config's mistake, `translation` a request the target's wire format cannot express, `unreadable` a 2xx
 * that is not a reply, `truncated` a stream cut short, `guardrail` a refusal by a check, `capacity` a local refusal.
 */
export const errorKinds = [
  'context_window',
  'content_policy',
  'budget',
  'rate_limit',
  'timeout',
  'auth',
  'billing',
  'server',
  'overloaded',
  'network',
  'not_found',
  'invalid_request',
  'translation',
  'unreadable',
  'truncated',
  'guardrail',
  'capacity',
  'config',
  'aborted',
] as const;

/** One of {@link errorKinds}. */
export type ErrorKind = (typeof errorKinds)[number];

/** Kinds a config may list in `on_errors`. */
export const errorEdges = [
  'context_window',
  'content_policy',
  'budget',
  'rate_limit',
  'timeout',
  'auth',
  'billing',
  'server',
  'network',
  'guardrail',
  'any',
] as const;

/** One of {@link errorEdges}. */
export type ErrorEdge = (typeof errorEdges)[number];

const edgeOfKind: Partial<Record<ErrorKind, ErrorEdge>> = {
  overloaded: 'server',
  unreadable: 'server',
  truncated: 'network',
  capacity: 'rate_limit',
};

/** Does an error of `kind` follow one of `edges`? */
export function followsEdge(kind: ErrorKind, edges: readonly ErrorEdge[]): boolean {
  return edges.includes('any') || edges.includes(edgeOfKind[kind] ?? (kind as ErrorEdge));
}
