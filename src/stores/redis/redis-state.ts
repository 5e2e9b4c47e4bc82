import type {
  Bond,
  BondWish,
  Correction,
  SharedAnswer,
  SharedClaim,
  SharedMessage,
  SharedState,
  Shortage,
  TargetOpening,
  WindowClaim,
} from '../../core/shared-state.ts';
import type { RedisCommands } from './commands.ts';
import { exchangeScript } from './exchange-script.ts';
import { redisScript } from './script.ts';

/** How processes find each other in a Redis. */
export interface StateOptions {
  /** Only processes of the same namespace share. */
  readonly namespace: string;
  readonly timeoutMs: number;
}

/** The shared state of a namespace. All of its keys have one hash tag, so that in a cluster one script can touch them together. */
export function stateOf(commands: RedisCommands, { namespace, timeoutMs }: StateOptions): SharedState {
  const script = redisScript(commands, exchangeScript);
  const tag = `{modelmux:${namespace}}:`;
  return {
    timeoutMs,
    async exchange(message) {
      const keys = keyTable(tag, [`batch:${message.sender}`, 'open', 'open:version']);
      const text = JSON.stringify(toWire(message, keys.indexOf));
      return readAnswer(await script(keys.all, [text]), keys.claimKeys);
    },
  };
}

/** From the name of a key to its index in `KEYS`, from 1 as Lua counts. */
type IndexOf = (name: string, claimKey?: string) => number;

function keyTable(tag: string, first: readonly string[]) {
  const all: string[] = [];
  const indexes = new Map<string, number>();
  /** What claims call the limits. */
  const claimKeys = new Map<number, string>();
  const indexOf: IndexOf = (name, claimKey) => {
    const known = indexes.get(name);
    if (known !== undefined) return known;
    const index = all.push(tag + name);
    indexes.set(name, index);
    if (claimKey !== undefined) claimKeys.set(index, claimKey);
    return index;
  };
  for (const name of first) indexOf(name);
  return { all, claimKeys, indexOf };
}

function toWire(message: SharedMessage, indexOf: IndexOf) {
  const { batch, corrections, openings, seenVersion, candidates, bound, bonds, lease, leaseMs } = message;
  return {
    batch,
    seenVersion,
    lease,
    leaseMs,
    ...(bound === undefined ? {} : { bound: wishToWire(bound, indexOf) }),
    bonds: bonds.map((bond) => bondToWire(bond, indexOf)),
    openings: openings.map(({ id, forMs }) => ({ id, forMs: Math.ceil(forMs) })),
    corrections: corrections.map((correction) => correctionToWire(correction, indexOf)),
    candidates: candidates.map((claims) => claims.map((claim) => claimToWire(claim, indexOf))),
  };
}

function claimToWire(claim: SharedClaim, indexOf: IndexOf) {
  const { kind, limit } = claim;
  if (kind === 'lease') return { kind, k: indexOf(`lease:${claim.key}`, claim.key), limit };
  return { kind, limit, soft: kind === 'window' && claim.isSoft === true, ...amountToWire(claim, indexOf) };
}

function wishToWire({ key, targets, ttlMs }: BondWish, indexOf: IndexOf) {
  return { k: indexOf(`bond:${key}`), targets, ttl: Math.ceil(ttlMs) };
}

function bondToWire({ key, ...bond }: Bond, indexOf: IndexOf) {
  const k = indexOf(`bond:${key}`);
  if (bond.kind !== 'bind') return { ...bond, k };
  const { ttlMs, ...facts } = bond;
  return { ...facts, k, ttl: Math.ceil(ttlMs) };
}

function correctionToWire(correction: Correction, indexOf: IndexOf) {
  const { kind } = correction;
  if (kind === 'add') return { kind, takenAt: correction.takenAt, ...amountToWire(correction.claim, indexOf) };
  return { kind, k: indexOf(`lease:${correction.key}`, correction.key), lease: correction.lease };
}

function amountToWire(claim: Exclude<SharedClaim, { kind: 'lease' }>, indexOf: IndexOf) {
  const { kind, key } = claim;
  // No key is counted in two ways: another window has other slices of time.
  if (kind === 'total')
    return { k: indexOf(`total:${key}`, key), amount: Math.ceil(claim.amount), endsIn: Math.ceil(claim.endsInMs) };
  const window = Math.ceil(claim.windowMs);
  return { k: indexOf(`window:${window}:${key}`, key), amount: windowAmount(claim), window };
}

function windowAmount({ amount, limit }: WindowClaim): number {
  return Math.ceil(Math.min(amount, limit));
}

/** The script's reply; whatever else comes is an error, as if there were no answer. */
function readAnswer(reply: unknown, claimKeys: ReadonlyMap<number, string>): SharedAnswer {
  const [taken, at, version, shortages, openings, bound, bonds] = Array.isArray(reply) ? reply : [];
  if (!Array.isArray(shortages) || !Array.isArray(openings))
    throw new TypeError('The script answered in another form.');
  return {
    taken: Number(taken) === 0 ? undefined : Number(taken) - 1,
    at: Number(at),
    version: Number(version),
    shortages: readShortages(shortages, claimKeys),
    openings: readOpenings(openings),
    bound: targetOf(bound),
    bonds: Array.isArray(bonds) ? bonds.map(targetOf) : [],
  };
}

function readShortages(flat: readonly unknown[], claimKeys: ReadonlyMap<number, string>): readonly Shortage[] {
  const shortages: Shortage[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const waitMs = Number(flat[i + 1]);
    const key = claimKeys.get(Number(flat[i])) ?? '';
    shortages.push({ key, waitMs: waitMs < 0 ? Number.POSITIVE_INFINITY : waitMs });
  }
  return shortages;
}

function readOpenings(flat: readonly unknown[]): readonly TargetOpening[] {
  const openings: TargetOpening[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) openings.push({ id: textOf(flat[i]), forMs: Number(flat[i + 1]) });
  return openings;
}

function targetOf(value: unknown): string | undefined {
  const target = value === undefined ? '' : textOf(value);
  return target === '' ? undefined : target;
}

function textOf(value: unknown): string {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value);
}
