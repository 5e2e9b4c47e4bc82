import { demandOf } from '../../core/demand.ts';
import { BudgetExceededError } from '../../core/errors/money-errors.ts';
import type { ModelRequest } from '../../core/handler.ts';
import type { Usage } from '../../core/usage.ts';
import { type Account, type Accounts, createAccounts } from '../../routing/state/budget/accounts.ts';
import { longestPeriodMs, periodMs } from '../../routing/state/budget/period.ts';
import { fitsAt } from '../../routing/state/budget/purse.ts';
import { createWindowMeter, type WindowMeter } from '../../routing/state/window-meter.ts';
import type { IssuedKey } from './issued-key.ts';
import { overLimit } from './key-errors.ts';

/** What a call holds of its key's limits until it is over. Only the first call of either counts. */
export interface KeyHold {
  settle(used: KeyUse, now: number): void;
  /** Nothing was sent. */
  refund(now: number): void;
}

/** What a call used and cost. */
export interface KeyUse {
  /** Undefined where nobody knows. */
  readonly usage: Usage | undefined;
  readonly microUsd: number;
}

/** What keys have used of their limits. */
export interface KeyMeters {
  /** Takes what a call needs. Throws 429 for what does not fit, and takes nothing. */
  take(key: IssuedKey, request: ModelRequest, now: number): KeyHold;
  /** US dollars the key spent in its period, or altogether. */
  spentUsd(key: IssuedKey, now: number): number;
  forget(key: IssuedKey): void;
  /** To keep what was spent. */
  readonly accounts: Accounts;
}

const minuteMs = 60_000;

interface Meter {
  readonly requests: WindowMeter;
  readonly tokens: WindowMeter;
  /** The most that a call of the key cost so far: so much is put aside for each one under way. */
  dearestMicro: number;
  running: number;
}

/** Nothing used yet. */
export function createKeyMeters(): KeyMeters {
  const accounts = createAccounts();
  const meters = new Map<string, Meter>();
  const meterOf = ({ hash }: IssuedKey): Meter => {
    const known = meters.get(hash) ?? emptyMeter();
    meters.set(hash, known);
    return known;
  };
  const accountOf = (key: IssuedKey) => accounts.at(key.hash.slice(0, 12), periodOf(key));
  return {
    accounts,
    spentUsd: (key, now) => accountOf(key).spend.total(now) / 1_000_000,
    forget: ({ hash }) => void meters.delete(hash),
    take(key, request, now) {
      const meter = meterOf(key);
      const account = accountOf(key);
      const tokens = tokensFor(key, request);
      check(key, { meter, account, tokens }, now);
      const requestEntry = meter.requests.add(1, now);
      const tokenEntry = meter.tokens.add(tokens, now);
      const heldMicro = meter.dearestMicro;
      account.reserved += heldMicro;
      meter.running++;
      const release = once(() => {
        account.reserved -= heldMicro;
        meter.running--;
      });
      return {
        settle({ usage, microUsd }, at) {
          if (!release()) return;
          meter.dearestMicro = Math.max(meter.dearestMicro, microUsd);
          if (usage !== undefined)
            meter.tokens.change(tokenEntry, usage.promptTokens + usage.completionTokens - tokens, at);
          accounts.charge(account, microUsd, at);
        },
        refund(at) {
          if (!release()) return;
          meter.requests.change(requestEntry, -1, at);
          meter.tokens.change(tokenEntry, -tokens, at);
        },
      };
    },
  };
}

function emptyMeter(): Meter {
  return {
    requests: createWindowMeter(minuteMs),
    tokens: createWindowMeter(minuteMs),
    dearestMicro: 0,
    running: 0,
  };
}

function periodOf({ budget_duration: period }: IssuedKey) {
  return { reset: 'rolling', ms: (period === undefined ? undefined : periodMs(period)) ?? longestPeriodMs } as const;
}

/** What the prompt has, and the reply may have where the request says so; never more than fits an empty minute. */
function tokensFor({ tpm_limit: limit }: IssuedKey, request: ModelRequest): number {
  if (limit === undefined) return 0;
  // A copy: what a request needs is kept by the request, with the metadata it is asked with.
  const demand = demandOf({ ...request }, { metadata: {}, pathname: '' });
  return Math.min(limit, demand.inputTokens + (demand.isOutputGuessed ? 0 : demand.outputTokens));
}

interface Standing {
  readonly meter: Meter;
  readonly account: Account;
  readonly tokens: number;
}

function check(key: IssuedKey, { meter, account, tokens }: Standing, now: number): void {
  const { max_parallel_requests: parallel, rpm_limit: rpm, tpm_limit: tpm, max_budget: budget } = key;
  if (parallel !== undefined && meter.running >= parallel)
    throw overLimit('requests at once', parallel, Number.POSITIVE_INFINITY);
  if (rpm !== undefined) {
    const readyAt = meter.requests.readyAt(1, rpm, now);
    if (readyAt > now) throw overLimit('requests a minute', rpm, readyAt - now);
  }
  if (tpm !== undefined) {
    const readyAt = meter.tokens.readyAt(tokens, tpm, now);
    if (readyAt > now) throw overLimit('tokens a minute', tpm, readyAt - now);
  }
  if (budget !== undefined) checkBudget(key, { account, boundMicro: meter.dearestMicro }, budget, now);
}

/** A call needs at least something left. */
function checkBudget(
  key: IssuedKey,
  { account, boundMicro }: { readonly account: Account; readonly boundMicro: number },
  budget: number,
  now: number,
): void {
  const amountMicro = Math.round(budget * 1_000_000);
  const readyAt = fitsAt({ account, amountMicro }, Math.max(1, boundMicro), now);
  if (readyAt <= now) return;
  const spent = account.spend.total(now) / 1_000_000;
  const period = key.budget_duration === undefined ? '' : ` in ${key.budget_duration}`;
  throw new BudgetExceededError({
    message: `This key may cost ${budget} USD${period}, and cost ${spent} USD.`,
    readyInMs: readyAt - now,
    fitsEver: key.budget_duration !== undefined && amountMicro > 0,
    onExhausted: 'reject',
  });
}

/** True for the first call only. */
function once(act: () => void): () => boolean {
  let isDone = false;
  return () => {
    if (isDone) return false;
    isDone = true;
    act();
    return true;
  };
}
