import type { ReplyOutcome } from '../../../core/reply.ts';

/** How a stream ended that another one feeds: by its own end, with what was counted of the other, as far as that has ended. */
export function toOutcome(
  result: ReplyOutcome['result'],
  error: ReplyOutcome['error'] | undefined,
  { usage, chunks }: Pick<ReplyOutcome, 'usage' | 'chunks'> = {},
): ReplyOutcome {
  return {
    result,
    ...(error === undefined ? {} : { error }),
    ...(usage === undefined ? {} : { usage }),
    ...(chunks === undefined ? {} : { chunks }),
  };
}
