import { factsOf, type RequestContext } from '../../core/context.ts';
import { APIConnectionTimeoutError } from '../../core/errors/connection-errors.ts';
import { PortkeyError } from '../../core/errors/portkey-error.ts';
import type { Handler, ModelRequest } from '../../core/handler.ts';
import { backgroundClock, type Clock, type Runtime, systemClock } from '../../core/runtime.ts';
import { discard } from '../../core/soft-failure.ts';
import { type CooldownPolicy, type CoolingTarget, cooldownWatch } from './cooldown.ts';
import { failureLimit } from './failure-limit.ts';

/** How a target is asked now and then whether it is well. */
export interface HealthCheckPolicy {
  /** From the end of one check to the next. Milliseconds. */
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly request: ModelRequest;
  /** Failed checks in a row after which the target is taken out of use, whatever its cooldown allows. */
  readonly unhealthyAfter: number;
  /** Good checks in a row that put it back. */
  readonly healthyAfter: number;
}

/** A target to be checked. */
export interface CheckedTarget extends CoolingTarget {
  readonly cooldown: CooldownPolicy;
  /** Asks the target once, with nothing above it. Held weakly: when the config that it belongs to is gone, the checks end. */
  readonly handler: Handler;
}

/** The health checks of a client. */
export interface HealthChecks {
  /** Checks a target from now on. Targets of one identity and policy are checked once for all. */
  start(target: CheckedTarget, policy: HealthCheckPolicy): void;
  /** Ends all checks, those under way included. */
  stop(): void;
}

/** A check that repeats, and whom it asks: the first of these that is still there. */
interface Running {
  handlers: readonly WeakRef<Handler>[];
  readonly stop: () => void;
}

/** No checks yet. Their timers do not keep the process running. */
export function createHealthChecks(runtime: Runtime): HealthChecks {
  const running = new Map<string, Running>();
  let isStopped = false;
  return {
    start({ handler, ...target }, policy) {
      if (isStopped) return;
      const key = `${target.state.id} ${JSON.stringify(policy)}`;
      const known = running.get(key);
      if (known !== undefined) {
        known.handlers = [...known.handlers.filter((held) => held.deref() !== undefined), new WeakRef(handler)];
        return;
      }
      const ask = () => {
        const held = running.get(key)?.handlers.find((each) => each.deref() !== undefined);
        if (held === undefined) running.delete(key);
        return held?.deref();
      };
      running.set(key, { handlers: [new WeakRef(handler)], stop: repeat(ask, target, policy, runtime) });
    },
    stop() {
      isStopped = true;
      for (const { stop } of running.values()) stop();
      running.clear();
    },
  };
}

/** Checks until it is stopped, or there is nobody to ask. The first check comes at a random time, so that many do not come at once. */
function repeat(
  handler: () => Handler | undefined,
  target: Omit<CheckedTarget, 'handler'>,
  policy: HealthCheckPolicy,
  runtime: Runtime,
): () => void {
  const clock = runtime.clock === systemClock ? backgroundClock : runtime.clock;
  const judge = judgement(policy, target, runtime);
  const controller = new AbortController();
  const next = () => {
    if (!controller.signal.aborted) cancel = clock.after(policy.intervalMs, tick);
  };
  let cancel = clock.after(policy.intervalMs * runtime.random(), tick);

  function tick(): void {
    const ask = handler();
    if (ask === undefined) return;
    check(ask, policy, runtime, { clock, signal: controller.signal }).then(judge).finally(next);
  }
  return () => {
    controller.abort();
    cancel();
  };
}

/** One check, over. */
interface Checked {
  readonly context: RequestContext;
  readonly durationMs: number;
  readonly error: unknown;
  readonly isStopped: boolean;
}

async function check(
  ask: Handler,
  { request, timeoutMs }: HealthCheckPolicy,
  runtime: Runtime,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Checked> {
  const own = new AbortController();
  const stop = () => own.abort(new PortkeyError('aborted', 'The client was closed.'));
  signal.addEventListener('abort', stop, { once: true });
  const cancel = clock.after(timeoutMs, () => own.abort(new APIConnectionTimeoutError('request_timeout', timeoutMs)));
  const context: RequestContext = {
    requestId: runtime.requestId(),
    traceId: runtime.traceId(),
    metadata: {},
    pathname: `/v1${request.path ?? `/${request.endpoint}`}`,
    signal: own.signal,
    attempts: [],
    call: {},
  };
  const startedAt = clock.now();
  const over = (error?: unknown): Checked => ({
    context,
    durationMs: clock.now() - startedAt,
    error,
    isStopped: signal.aborted,
  });
  try {
    discard(await ask(request, context));
    return over();
  } catch (error) {
    return over(error);
  } finally {
    cancel();
    signal.removeEventListener('abort', stop);
  }
}

/** Draws the conclusions from one check after the other. */
function judgement(policy: HealthCheckPolicy, target: Omit<CheckedTarget, 'handler'>, runtime: Runtime) {
  const { cooldown } = target;
  const watch = cooldownWatch(cooldown, target, runtime);
  let failures = 0;
  let successes = 0;
  let isWarned = false;

  function failed(error: PortkeyError, context: RequestContext): void {
    successes = 0;
    failures++;
    if (failures >= policy.unhealthyAfter) watch.open(error, context, false);
    else watch.failed(error, context, false);
  }

  function answered(context: RequestContext): void {
    failures = 0;
    successes++;
    if (successes >= policy.healthyAfter) watch.answered(context);
  }

  /** The check itself is wrong: a path nobody serves, a body the provider does not take. */
  function useless(error: unknown): void {
    if (isWarned) return;
    isWarned = true;
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The health check of ${target.path} says nothing of it: ${reason}`;
    runtime.events.emit('warning', { code: 'health_check', message });
  }

  return (checked: Checked): void => {
    const { context, error, isStopped } = checked;
    if (isStopped) return;
    if (error === undefined) answered(context);
    else if (error instanceof PortkeyError && failureLimit(error, context, cooldown) !== undefined)
      failed(error, context);
    else useless(error);
    report(checked, target, runtime);
  };
}

function report(
  { context, durationMs, error }: Checked,
  { path, name, state }: CoolingTarget,
  { events }: Runtime,
): void {
  if (!events.wants('health-check')) return;
  events.emit('health-check', {
    ...factsOf(context),
    target: { path, targetId: state.id, provider: state.provider, ...(name === undefined ? {} : { name }) },
    healthy: error === undefined,
    durationMs,
    ...(error instanceof PortkeyError ? { error } : {}),
  });
}
