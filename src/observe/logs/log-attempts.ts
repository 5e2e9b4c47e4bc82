import type { Attempt } from '../../core/attempt.ts';
import type { AttemptReason, LogAttempt, LogCost } from '../../core/log-record.ts';
import { redactText } from './redact.ts';

/** The attempts of a request as they are logged. */
export function logAttempts(attempts: readonly Readonly<Attempt>[]): readonly LogAttempt[] {
  return attempts.map((attempt, index) => {
    const before = attempts[index - 1];
    // Kept as it is where nothing is to be added: most are.
    if (before === undefined && attempt.errorMessage === undefined) return attempt;
    return {
      ...attempt,
      ...(attempt.errorMessage === undefined ? {} : { errorMessage: redactText(attempt.errorMessage) }),
      ...(before === undefined ? {} : { reason: reasonOf(attempt, before) }),
    };
  });
}

function reasonOf(attempt: Readonly<Attempt>, before: Readonly<Attempt>): AttemptReason {
  const waitedMs = Math.max(0, attempt.startedAt - before.startedAt - (before.durationMs ?? 0));
  return {
    kind: attempt.path === before.path ? 'retry' : 'fallback',
    ...(before.errorKind === undefined ? {} : { after: before.errorKind }),
    waitedMs,
  };
}

/** What all attempts cost together; undefined when nothing is known of any. */
export function totalCost(attempts: readonly LogAttempt[]): LogCost | undefined {
  let total: LogCost | undefined;
  for (const { cost } of attempts) {
    if (cost === undefined) continue;
    if (total === undefined) total = cost;
    else
      total = {
        microUsd: total.microUsd + cost.microUsd,
        source: total.source === cost.source ? cost.source : 'mixed',
      };
  }
  return total;
}
