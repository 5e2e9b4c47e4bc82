import type { Handler } from '../../core/handler.ts';
import type { Child } from '../../core/strategy.ts';

/** The one target, always. */
export function single(child: Child): Handler {
  return child.handler;
}
