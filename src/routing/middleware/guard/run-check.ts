import type { CheckResult } from '../../../core/hooks.ts';
import { type LinkedAbort, linkedAbort } from '../../../core/linked-abort.ts';
import { untilAborted } from '../../../core/until-aborted.ts';
import type { Change, Check, CheckOutcome } from '../../guardrails/check.ts';
import type { Hook } from './hook.ts';
import { type Scene, subjectOf } from './scene.ts';

/** What a check said, and what it wants changed. */
export interface CheckRun {
  readonly result: CheckResult;
  readonly change?: Change;
}

/** Makes one check, at once where it answers at once. Rejects only when `signal` aborts; what the check throws, and its time running out, is its result. */
export function runCheck(check: Check, hook: Hook, scene: Scene, signal: AbortSignal): CheckRun | Promise<CheckRun> {
  const { clock } = scene.runtime;
  const startedAt = clock.now();
  const resultOf = (outcome: CheckOutcome, error: CheckResult['error'] = null): CheckResult => ({
    id: check.id,
    verdict: outcome.verdict,
    data: outcome.data ?? null,
    error,
    transformed: outcome.change !== undefined,
    skipped: outcome.skipped === true,
    execution_time: clock.now() - startedAt,
    created_at: isoTime(startedAt),
  });
  const made = (outcome: CheckOutcome): CheckRun => {
    const { change } = outcome;
    return { result: resultOf(outcome), ...(change === undefined ? {} : { change }) };
  };
  const broken = (error: unknown): CheckRun => {
    if (signal.aborted) throw signal.reason;
    return { result: resultOf({ verdict: hook.onError === 'allow' }, toPlain(error)) };
  };
  try {
    const outcome = bounded(check, hook, scene, signal);
    return outcome instanceof Promise ? outcome.then(made).catch(broken) : made(outcome);
  } catch (error) {
    return broken(error);
  }
}

let latest = { ms: 0, text: '1970-01-01T00:00:00.000Z' };

/** ISO 8601. Many are asked for within one millisecond. */
export function isoTime(ms: number): string {
  if (latest.ms !== ms) latest = { ms, text: new Date(ms).toISOString() };
  return latest.text;
}

/** A check that answers at once costs neither a timer nor a signal. */
function bounded(check: Check, hook: Hook, scene: Scene, signal: AbortSignal): CheckOutcome | Promise<CheckOutcome> {
  const { clock, transport } = scene.runtime;
  const subject = subjectOf(scene, hook.messages ?? check.messages ?? 'last');
  let link: LinkedAbort | undefined;
  const linked = () => {
    link ??= linkedAbort(signal);
    return link;
  };
  let running: CheckOutcome | Promise<CheckOutcome> | undefined;
  try {
    running = check.run(subject, {
      transport,
      get signal() {
        return linked().signal;
      },
    });
    if (!(running instanceof Promise)) return running;
  } finally {
    if (!(running instanceof Promise)) link?.unlink();
  }
  const own = linked();
  const timeoutMs = check.timeoutMs ?? hook.timeoutMs;
  const cancel = clock.after(timeoutMs, () =>
    own.abort(new DOMException(`There was no answer within ${timeoutMs} ms.`, 'TimeoutError')),
  );
  return untilAborted(running, own.signal).finally(() => {
    cancel();
    own.unlink();
  });
}

/** An error as JSON. */
export function toPlain(error: unknown): { readonly name: string; readonly message: string } {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'Error', message: String(error) };
}
