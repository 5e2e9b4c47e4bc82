import type { ChildrenView } from '../../core/algorithm.ts';
import type { Handler } from '../../core/handler.ts';
import type { Child } from '../../core/strategy.ts';
import { isLost } from '../middleware/index.ts';

/**
 * Lets a loadbalance pick again when other processes have used up what the picked child needs: that was not known, and the next pick passes it
 * over. As long as a child seems ready, nobody below was asked, and no more often than there are children.
 */
export function pickAgain(children: readonly Child[], view: ChildrenView, next: Handler): Handler {
  return async (request, context) => {
    const attemptsBefore = context.attempts.length;
    for (let picks = 1; ; picks++) {
      try {
        return await next(request, context);
      } catch (error) {
        const wasAsked = context.attempts.length > attemptsBefore;
        if (wasAsked || !isLost(error) || picks >= children.length || context.signal.aborted) throw error;
        const demand = view.demandOf?.(request, context);
        if (!children.some(({ weight }, index) => weight > 0 && view.share(index, demand) > 0)) throw error;
      }
    }
  };
}
