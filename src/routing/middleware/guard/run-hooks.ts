import { factsOf } from '../../../core/context.ts';
import type { CheckResult, HookFeedback, HookResult } from '../../../core/hooks.ts';
import type { Hook } from './hook.ts';
import { type CheckRun, isoTime, runCheck, toPlain } from './run-check.ts';
import { changedScene, type Scene } from './scene.ts';

/** What the hooks of one stage made of a scene. */
export interface HookRun {
  readonly scene: Scene;
  /** Of those that were waited for, in order. */
  readonly results: readonly HookResult[];
  /** A guardrail that may refuse did. */
  readonly isDenied: boolean;
}

/**
 * Runs hooks in order, each on what those before made of the scene; the checks of one guardrail at the same time unless it is `sequential`.
 * After a refusal the rest is skipped. Those that are `async` are only started. Rejects when the request's signal aborts.
 */
export async function runHooks(hooks: readonly Hook[], scene: Scene): Promise<HookRun> {
  const results: HookResult[] = [];
  let current = scene;
  let isDenied = false;
  for (const hook of hooks) {
    if (hook.async) {
      runBeside(hook, current);
      continue;
    }
    if (isDenied) {
      results.push(summaryOf(hook, [], current, current.runtime.clock.now()));
      continue;
    }
    const running = runHook(hook, current, current.context.signal);
    // Most answer at once.
    const ran = running instanceof Promise ? await running : running;
    current = ran.scene;
    results.push(ran.result);
    isDenied = hook.deny && !ran.result.verdict;
  }
  return { scene: current, results, isDenied };
}

/** Nobody waits for it, so it outlives the request: only its own time limits end it. */
function runBeside(hook: Hook, scene: Scene): void {
  const { signal } = new AbortController();
  // Started apart: what it throws at once harms nobody.
  Promise.resolve()
    .then(() => runHook(hook, scene, signal))
    .catch(() => undefined);
}

interface HookRan {
  readonly scene: Scene;
  readonly result: HookResult;
}

/** At once where all checks answer at once. */
function runHook(hook: Hook, scene: Scene, signal: AbortSignal): HookRan | Promise<HookRan> {
  const startedAt = scene.runtime.clock.now();
  const isSequential =
    hook.sequential || hook.type === 'mutator' || hook.checks.some(({ changes }) => changes === true);
  const over = ({ scene: after, checks }: ChecksRun): HookRan => {
    const result = summaryOf(hook, checks, scene, startedAt);
    report(hook, result, scene);
    return { scene: after, result };
  };
  const ran = isSequential ? inTurn(hook, { scene, checks: [] }, signal) : atOnce(hook, scene, signal);
  return ran instanceof Promise ? ran.then(over) : over(ran);
}

interface ChecksRun {
  readonly scene: Scene;
  readonly checks: readonly CheckResult[];
}

/** Goes on from the checks that were made. */
function inTurn(hook: Hook, before: ChecksRun, signal: AbortSignal): ChecksRun | Promise<ChecksRun> {
  let { scene, checks } = before;
  for (const check of hook.checks.slice(checks.length)) {
    if (hook.deny && checks.at(-1)?.verdict === false) break;
    const run = runCheck(check, hook, scene, signal);
    const noted = (made: CheckRun): ChecksRun => {
      const changed = applied(made, hook, scene);
      return { scene: changed.scene, checks: [...checks, changed.result] };
    };
    if (run instanceof Promise) return run.then((made) => inTurn(hook, noted(made), signal));
    ({ scene, checks } = noted(run));
  }
  return { scene, checks };
}

function atOnce(hook: Hook, scene: Scene, signal: AbortSignal): ChecksRun | Promise<ChecksRun> {
  const runs = hook.checks.map((check) => runCheck(check, hook, scene, signal));
  const pending = runs.some((run) => run instanceof Promise);
  return pending
    ? Promise.all(runs).then((all) => gathered(all, hook, scene))
    : gathered(runs as CheckRun[], hook, scene);
}

function gathered(runs: readonly CheckRun[], hook: Hook, scene: Scene): ChecksRun {
  let current = scene;
  const checks = runs.map((run) => {
    // All have seen the same: a second change would undo the first.
    const isSecond = run.change !== undefined && current !== scene;
    if (isSecond) return failed(run, hook, new Error('Another check has changed the same already: set "sequential".'));
    const { result, scene: next } = applied(run, hook, current);
    current = next;
    return result;
  });
  return { scene: current, checks };
}

function applied(
  { result, change }: CheckRun,
  hook: Hook,
  scene: Scene,
): { readonly result: CheckResult; readonly scene: Scene } {
  if (change === undefined) return { result, scene };
  try {
    return { result, scene: changedScene(scene, change) };
  } catch (error) {
    return { result: failed({ result }, hook, error), scene };
  }
}

function failed({ result }: CheckRun, hook: Hook, error: unknown): CheckResult {
  return { ...result, verdict: hook.onError === 'allow', transformed: false, error: toPlain(error) };
}

/** Without checks: it was not run. */
function summaryOf(
  hook: Hook,
  checks: readonly CheckResult[],
  { runtime: { clock } }: Scene,
  startedAt: number,
): HookResult {
  const verdict = checks.every((check) => check.verdict);
  const feedback = checks.length === 0 ? undefined : feedbackOf(hook, checks, verdict);
  return {
    id: hook.id,
    type: hook.type,
    verdict,
    deny: hook.deny,
    async: hook.async,
    skipped: checks.every(({ skipped }) => skipped),
    transformed: checks.some(({ transformed }) => transformed),
    checks,
    ...(feedback === undefined ? {} : { feedback }),
    execution_time: clock.now() - startedAt,
    created_at: isoTime(startedAt),
  };
}

function feedbackOf(hook: Hook, checks: readonly CheckResult[], verdict: boolean): HookFeedback | undefined {
  const given = verdict ? hook.onSuccess : hook.onFail;
  if (given === undefined) return undefined;
  const named = (holds: (check: CheckResult) => boolean) =>
    checks
      .filter(holds)
      .map(({ id }) => id)
      .join(', ');
  const metadata = {
    ...given.metadata,
    successfulChecks: named((check) => check.error === null && check.verdict),
    failedChecks: named((check) => check.error === null && !check.verdict),
    erroredChecks: named(({ error }) => error !== null),
  };
  return { ...given, metadata };
}

function report(hook: Hook, result: HookResult, { stage, path, context, runtime: { events } }: Scene): void {
  if (!events.wants('guardrail')) return;
  const { id, type, verdict, transformed, feedback, execution_time } = result;
  events.emit('guardrail', {
    ...factsOf(context),
    path,
    stage,
    id,
    type,
    verdict,
    denied: hook.deny && !hook.async && !verdict,
    async: hook.async,
    transformed,
    checks: result.checks.map((check) => ({ id: check.id, verdict: check.verdict, failed: check.error !== null })),
    durationMs: execution_time,
    ...(feedback === undefined ? {} : { feedback }),
  });
}
