import type { CallOptions } from '../config/client-options.ts';
import type { RequestOptions } from './caller.ts';

/**
 * What every call takes after its own arguments: Portkey's options, then the `openai` package's. The latter may stand among the former,
 * where code written for `openai` has them; what is given twice counts as given last.
 */
export type CallArguments = readonly [
  params?: (CallOptions & RequestOptions) | undefined,
  options?: RequestOptions | undefined,
];

/** The names of `RequestOptions`. */
export const requestOptionNames: readonly string[] = ['signal', 'headers', 'extraHeaders', 'timeout'];

/** Options of the `openai` package that a tree has another word for: what to write. */
export const elsewhere: Readonly<Record<string, string>> = {
  maxRetries: 'Write "retry": { "attempts": n } in the config.',
  idempotencyKey: 'Write { headers: { "idempotency-key": … }, forwardHeaders: ["idempotency-key"] }.',
};

/** The same arguments with each option in its place. `names`: those of the second. */
export function inPlace<Options extends RequestOptions>(
  [params, options]: readonly [params?: (CallOptions & Options) | undefined, options?: Options | undefined],
  names: readonly string[] = requestOptionNames,
): readonly [CallOptions | undefined, Options | undefined] {
  if (params === undefined || params === null || !names.some((name) => name in params)) return [params, options];
  const isMoved = ([name]: readonly [string, unknown]) => names.includes(name);
  const moved = Object.fromEntries(Object.entries(params).filter(isMoved)) as Options;
  const kept = Object.fromEntries(Object.entries(params).filter((entry) => !isMoved(entry)));
  return [kept, { ...moved, ...options }];
}
