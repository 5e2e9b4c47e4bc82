import type { TargetInfo } from '../../core/attempt.ts';
import type { RequestContext } from '../../core/context.ts';
import { TranslationError } from '../../core/errors/reply-errors.ts';
import type { Runtime } from '../../core/runtime.ts';

/** Says of a parameter the provider cannot honour that it was left out; with `strict_params` the attempt fails instead. */
export function dropReporter(
  { strictParams }: { readonly strictParams: boolean },
  target: TargetInfo,
  { requestId, traceId, call }: RequestContext,
  { events }: Runtime,
): (param: string, why: string) => void {
  return (param, why) => {
    if (call.strictParams ?? strictParams)
      throw new TranslationError(param, `${target.provider} cannot honour "${param}": ${why}`);
    if (!events.wants('warning')) return;
    const message = `${target.path} (${target.provider}) does not receive "${param}": ${why}`;
    events.emit('warning', { code: 'dropped_params', message, requestId, traceId, param });
  };
}
