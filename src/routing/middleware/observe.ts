import type { Attempt } from '../../core/attempt.ts';
import { factsOf } from '../../core/context.ts';
import { APIError } from '../../core/errors/api-error.ts';
import { PortkeyError } from '../../core/errors/portkey-error.ts';
import type { EventSink } from '../../core/events.ts';
import type { Middleware } from '../../core/handler.ts';
import type { Cost } from '../../core/pricing.ts';
import type { ReplyOutcome } from '../../core/reply.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { Usage } from '../../core/usage.ts';
import type { TargetState } from '../state/target-state.ts';

/** What is known of a target before it is called. */
export interface ObservedTarget {
  readonly path: string;
  readonly name?: string;
  readonly provider: string;
  readonly virtualKey?: string;
}

/** What attempts cost. */
export interface AttemptCosts {
  /** Somebody will ask: prices that are not there yet are fetched meanwhile. */
  expect(): void;
  costOf(attempt: Readonly<Attempt>, usage: Usage, now: number): Cost | undefined;
}

/**
 * Writes down every attempt on the request's list and in the target's state, and tells the listeners. The leaf below fills in what it
 * finds out. An attempt is in flight from here until it failed or its reply ended.
 */
export function observe(
  target: ObservedTarget,
  { clock, events }: Runtime,
  state: TargetState,
  costs?: AttemptCosts,
): Middleware {
  return (next) => async (request, context) => {
    const attempt: Attempt = {
      ...target,
      targetId: '',
      retry: triesOf(target.path, context.attempts),
      startedAt: clock.now(),
      outcome: 'pending',
    };
    context.attempts.push(attempt);
    if (events.wants('attempt-start')) events.emit('attempt-start', { ...factsOf(context), attempt: { ...attempt } });
    state.inFlight++;
    if (isWatched(events)) costs?.expect();
    context.onPlaced?.();
    const end = (outcome: ReplyOutcome) => {
      state.inFlight--;
      attempt.durationMs = clock.now() - attempt.startedAt;
      note(attempt, outcome);
      price(attempt, costs, clock.now());
      if (!events.wants('attempt-end')) return;
      const { error } = outcome;
      events.emit('attempt-end', {
        ...factsOf(context),
        attempt: { ...attempt },
        ...(error === undefined ? {} : { error }),
      });
    };
    try {
      const reply = await next(request, { ...context, attempt });
      state.provider = attempt.provider;
      measure(state, reply.body.kind === 'stream', clock.now(), attempt);
      reply.onSettle(end);
      return reply;
    } catch (thrown) {
      const error = toPortkeyError(thrown);
      if (error.kind === 'timeout') measure(state, request.body.stream === true, clock.now(), attempt);
      end(failureOf(error));
      throw thrown;
    }
  };
}

/** A reply is there at its first content when streamed, else at its end. What timed out took at least this long; other failures say nothing of speed. */
function measure({ latency }: TargetState, streamed: boolean, now: number, { startedAt }: Attempt): void {
  (streamed ? latency.streamed : latency.whole).add(now, now - startedAt);
}

/** A handler rejects with nothing else; should one, the attempt has ended all the same. */
function toPortkeyError(thrown: unknown): PortkeyError {
  return thrown instanceof PortkeyError ? thrown : new PortkeyError('config', `Unexpected failure: ${String(thrown)}`);
}

function triesOf(path: string, attempts: readonly Attempt[]): number {
  let tries = 0;
  for (const attempt of attempts) if (attempt.path === path) tries++;
  return tries;
}

function note(attempt: Attempt, { result, error, usage, chunks }: ReplyOutcome): void {
  attempt.outcome = result;
  if (chunks !== undefined) attempt.chunks = chunks;
  if (usage !== undefined) attempt.usage = usage;
  if (error === undefined) return;
  attempt.errorKind = error.kind;
  attempt.errorMessage = error.message;
  if (error instanceof APIError && error.status !== undefined) attempt.status ??= error.status;
}

function price(attempt: Attempt, costs: AttemptCosts | undefined, now: number): void {
  const cost = attempt.usage === undefined ? undefined : costs?.costOf(attempt, attempt.usage, now);
  if (cost !== undefined) attempt.cost = cost;
}

/** Whoever hears of attempts may ask what they cost. */
function isWatched(events: EventSink): boolean {
  return events.wants('attempt-end') || events.wants('request-end');
}

function failureOf(error: PortkeyError): ReplyOutcome {
  const { usage } = error;
  const result = error.kind === 'aborted' ? 'aborted' : 'failure';
  return usage === undefined ? { result, error } : { result, error, usage };
}
