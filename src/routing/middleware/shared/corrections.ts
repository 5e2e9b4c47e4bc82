import type { Clock } from '../../../core/runtime.ts';
import type { Correction, TotalClaim, WindowClaim } from '../../../core/shared-state.ts';

/** Corrections on their way to the shared state, each applied once. */
export interface Corrections {
  /** Amounts used without asking. Those of one limit add up, so that an outage does not pile them. */
  owe(claim: WindowClaim | TotalClaim): void;
  /** A change of what was taken. */
  change(correction: Correction & { readonly kind: 'add' }): void;
  /** A place is still in use. */
  renew(key: string, lease: string): void;
  /** A place is free again. */
  release(key: string, lease: string): void;
  /** Is there something to send now? */
  readonly isReady: boolean;
  /** What to send now; nothing while an earlier batch may still be answered. */
  next(): Batch;
  /** This batch was applied. */
  applied(batch: number): void;
  /** Nobody knows whether it was: it will be sent again under its number. */
  unknown(batch: number): void;
}

/** Corrections under one number; 0 and empty when there is nothing to say. */
export interface Batch {
  readonly batch: number;
  readonly corrections: readonly Correction[];
}

interface Debt {
  readonly claim: WindowClaim | TotalClaim;
  amount: number;
  at: number;
}

/** An answer that takes longer will not come. Milliseconds. */
const longestAnswerMs = 5000;

const none: Batch = { batch: 0, corrections: [] };

/** Nothing to correct yet. */
export function createCorrections(clock: Pick<Clock, 'now'>): Corrections {
  let changes: Correction[] = [];
  let renewals = new Map<string, Correction>();
  let debts = new Map<string, Debt>();
  let sealed: Batch = none;
  let sentAt = Number.NEGATIVE_INFINITY;
  let lastNumber = 0;

  const isUnderWay = () => clock.now() - sentAt < longestAnswerMs;

  function seal(): Batch {
    const now = clock.now();
    const corrections = [
      ...changes,
      ...renewals.values(),
      ...[...debts.values()].flatMap((debt) => toCorrection(debt, now)),
    ];
    changes = [];
    renewals = new Map();
    debts = new Map();
    return corrections.length === 0 ? none : { batch: lastNumber + 1, corrections };
  }

  return {
    owe(claim) {
      const key = `${claim.kind}:${claim.kind === 'window' ? claim.windowMs : ''}:${claim.key}`;
      const debt = debts.get(key);
      if (debt === undefined) debts.set(key, { claim, amount: claim.amount, at: clock.now() });
      else {
        debt.amount += claim.amount;
        // The end of a period stays where it is.
        if (claim.kind === 'window') debt.at = clock.now();
      }
    },
    change(correction) {
      changes.push(correction);
    },
    renew: (key, lease) => void renewals.set(`${lease} ${key}`, { kind: 'renew', key, lease }),
    release(key, lease) {
      renewals.delete(`${lease} ${key}`);
      changes.push({ kind: 'release', key, lease });
    },
    get isReady() {
      if (isUnderWay()) return false;
      return sealed !== none || changes.length > 0 || renewals.size > 0 || debts.size > 0;
    },
    next() {
      if (isUnderWay()) return none;
      if (sealed === none) {
        sealed = seal();
        lastNumber = Math.max(lastNumber, sealed.batch);
      }
      if (sealed !== none) sentAt = clock.now();
      return sealed;
    },
    applied(batch) {
      if (batch !== sealed.batch) return;
      sealed = none;
      sentAt = Number.NEGATIVE_INFINITY;
    },
    unknown(batch) {
      if (batch === sealed.batch) sentAt = Number.NEGATIVE_INFINITY;
    },
  };
}

/** What has left its window, or whose period is over, is owed no more. */
function toCorrection({ claim, amount, at }: Debt, now: number): readonly Correction[] {
  const age = now - at;
  if (age >= (claim.kind === 'window' ? claim.windowMs : claim.endsInMs)) return [];
  return [
    {
      kind: 'add',
      claim: claim.kind === 'window' ? { ...claim, amount } : { ...claim, amount, endsInMs: claim.endsInMs - age },
    },
  ];
}
