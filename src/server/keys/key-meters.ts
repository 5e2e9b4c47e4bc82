import { demandOf } from '../../core/demand.ts';
import { BudgetExceededError } from '../../core/errors/money-errors.ts';
import type { ModelRequest } from '../../core/handler.ts';
import type { Demand, Reservation } from '../../core/limit.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { SharedState } from '../../core/shared-state.ts';
import { createSharedLink, type SharedLink, sharedLimit, takeShared } from '../../routing/middleware/index.ts';
import { type IssuedKey, idOf } from './issued-key.ts';
import { type KeyBudgets, toMicro } from './key-budgets.ts';
import { overLimit } from './key-errors.ts';
import { emptyUse, type KeyLimits, type KeyUse, keyLimits } from './key-limits.ts';

/** What keys have used of their limits, here and, where that is shared, in other processes. */
export interface KeyMeters {
  /**
   * Takes what a call needs: a request, a place, the most tokens it may use. Throws or rejects with 429 for what does not fit, and takes
   * nothing. Money is taken by whoever knows what the call costs: see {@link KeyBudgets}.
   */
  take(key: IssuedKey, request: ModelRequest, now: number): Reservation | Promise<Reservation>;
  forget(key: IssuedKey): void;
  /** Resolves when other processes know what was used, or cannot be told. */
  flush(): Promise<void>;
}

/** What meters are made of. */
export interface MeterParts {
  readonly runtime: Pick<Runtime, 'clock' | 'events' | 'traceId'>;
  readonly budgets: Pick<KeyBudgets, 'spentMicro'>;
  /** Absent: this process is alone. */
  readonly shared: SharedState | undefined;
}

interface Meter {
  readonly use: KeyUse;
  key: IssuedKey;
  limits: KeyLimits;
}

/** Nothing used yet. */
export function createKeyMeters({ runtime, budgets, shared }: MeterParts): KeyMeters {
  const link = shared === undefined ? undefined : createSharedLink(shared, runtime, () => undefined);
  const meters = new Map<string, Meter>();

  function limitsOf(key: IssuedKey): KeyLimits {
    const known = meters.get(key.hash);
    if (known?.key === key) return known.limits;
    const use = known?.use ?? emptyUse(idOf(key));
    const limits = heeding(keyLimits(key, use), link);
    meters.set(key.hash, { use, key, limits });
    return limits;
  }

  return {
    forget: ({ hash }) => void meters.delete(hash),
    flush: async () => link?.flush(),
    take(key, request, now) {
      checkMoney(key, budgets, now);
      const limits = limitsOf(key);
      if (limits.binding.length === 0) return nothingHeld;
      const demand = demandOf(request, { metadata: {}, pathname: '' });
      check(limits, demand, now);
      const held = together(limits.binding.map((limit) => limit.reserve(demand, now)));
      return link === undefined ? held : takeElsewhere({ limits, demand, held, link }, runtime);
    },
  };
}

const nothingHeld: Reservation = { settle: () => undefined, refund: () => undefined };

/** A key without money left asks for nothing at all, not even what is free. */
function checkMoney(key: IssuedKey, { spentMicro }: MeterParts['budgets'], now: number): void {
  const { max_budget: budget, budget_duration: duration } = key;
  if (budget === undefined || spentMicro(key, now) < toMicro(budget)) return;
  const period = duration === undefined ? '' : ` in ${duration}`;
  throw new BudgetExceededError({
    message: `This key may cost ${budget} USD${period}, and cost ${spentMicro(key, now) / 1e6} USD.`,
    readyInMs: Number.POSITIVE_INFINITY,
    fitsEver: duration !== undefined && budget > 0,
    onExhausted: 'reject',
  });
}

function heeding(limits: KeyLimits, link: SharedLink | undefined): KeyLimits {
  if (link === undefined) return limits;
  return { ...limits, binding: limits.binding.map((limit) => sharedLimit(limit, link.shortages)) };
}

function check({ binding, allowed }: KeyLimits, demand: Demand, now: number): void {
  binding.forEach((limit, index) => {
    if (limit.fitsEver?.(demand) === false) throw limit.refusal(demand, now);
    const readyAt = limit.readyAt(demand, now);
    const { what = '', amount = 0 } = allowed[index] ?? {};
    if (readyAt > now) throw overLimit(what, amount, readyAt - now);
  });
}

interface Placed {
  readonly limits: KeyLimits;
  readonly demand: Demand;
  readonly held: Reservation;
  readonly link: SharedLink;
}

/** What fits here may not fit for all processes together: then all is given back. */
async function takeElsewhere({ limits, demand, held, link }: Placed, { clock }: MeterParts['runtime']) {
  const taken = await takeShared(limits, demand, link);
  if (taken !== 'refused') return taken === undefined ? held : together([held, taken]);
  const now = clock.now();
  held.refund(now);
  check(limits, demand, now);
  throw overLimit('requests of all servers together', 0, Number.POSITIVE_INFINITY);
}

/** Ended by the first call of either; later ones do nothing. */
function together(all: readonly Reservation[]): Reservation {
  let isOver = false;
  const end = (each: (reservation: Reservation) => void) => {
    if (isOver) return;
    isOver = true;
    all.forEach(each);
  };
  return {
    settle: (usage, now) => end((reservation) => reservation.settle(usage, now)),
    refund: (now) => end((reservation) => reservation.refund(now)),
  };
}
