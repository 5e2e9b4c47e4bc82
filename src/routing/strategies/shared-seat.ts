import type { ChildrenView } from '../../core/algorithm.ts';
import type { Granted, RequestContext } from '../../core/context.ts';
import type { RequestDemand } from '../../core/demand.ts';
import { PortkeyError } from '../../core/errors/portkey-error.ts';
import { isRefusal } from '../../core/errors/routing-errors.ts';
import type { ModelRequest } from '../../core/handler.ts';
import { lastChoice } from '../../core/health.ts';
import type { Claim, Reservation, Taking } from '../../core/limit.ts';
import type { Reply } from '../../core/reply.ts';
import type { Child } from '../../core/strategy.ts';
import { markLost, reservationOf, type SharedHold, type SharedLink, type SharedVerdict } from '../middleware/index.ts';

/** Calls the child picked, or another one that is ready where other processes have used that one up. `onSeat` is told which. */
export type Seat = (asked: SeatRequest, onSeat: (index: number) => void) => Promise<Reply>;

/** A request, and the child picked for it. */
export interface SeatRequest {
  readonly index: number;
  readonly request: ModelRequest;
  readonly context: RequestContext;
}

/** Children asked for at once: the one picked and others that would do. */
const mostCandidates = 8;

/** One round trip finds a child that has room for all processes together, as long as one of the first few has. */
export function sharedSeat(children: readonly Child[], view: ChildrenView, link: SharedLink): Seat {
  return async ({ index, request, context }, onSeat) => {
    const picked = children[index] as Child;
    const demand = view.demandOf?.(request, context);
    const taking = demand === undefined ? undefined : picked.health?.taking?.(demand);
    if (demand === undefined || taking === undefined || taking.shared.length === 0) {
      onSeat(index);
      return picked.handler(request, context);
    }
    const others = othersThan(index, children, context).filter((other) => view.share(other, demand) > lastChoice);
    const candidates = [{ index, taking }, ...takingsOf(others, children, demand)].slice(0, mostCandidates);
    const asked = link.reserve(candidates.map((candidate) => candidate.taking.shared));
    const verdict = asked instanceof Promise ? await asked : asked;
    return take(verdict, candidates, { children, request, context, onSeat, now: view.now });
  };
}

function takingsOf(
  indexes: readonly number[],
  children: readonly Child[],
  demand: RequestDemand,
): readonly Candidate[] {
  return indexes.slice(0, mostCandidates).flatMap((index) => {
    const taking = children[index]?.health?.taking?.(demand);
    return taking === undefined ? [] : [{ index, taking }];
  });
}

interface Candidate {
  readonly index: number;
  readonly taking: Taking;
}

/** The indexes after `index`, around, without those already asked in vain. */
function othersThan(index: number, children: readonly Child[], { attempts }: RequestContext): readonly number[] {
  return children
    .map((_, step) => (index + 1 + step) % children.length)
    .filter((other) => {
      const child = children[other] as Child;
      return other !== index && child.weight > 0 && !attempts.some(({ path }) => path === child.path);
    });
}

interface Seating {
  readonly children: readonly Child[];
  readonly request: ModelRequest;
  readonly context: RequestContext;
  readonly onSeat: (index: number) => void;
  readonly now: () => number;
}

async function take(
  verdict: SharedVerdict,
  candidates: readonly Candidate[],
  { children, request, context, onSeat, now }: Seating,
): Promise<Reply> {
  const seated = candidates[verdict.kind === 'taken' ? verdict.index : 0] as Candidate;
  const child = children[seated.index] as Child;
  onSeat(seated.index);
  if (verdict.kind === 'refused') return child.handler(request, context).catch(rethrowAsLost);
  const granted = createGrant(child, verdict.hold, seated.taking.claims);
  try {
    return await child.handler(request, { ...context, granted });
  } finally {
    granted.giveBack(now());
  }
}

/** The child says for itself what it lacks. */
function rethrowAsLost(error: unknown): never {
  if (error instanceof PortkeyError && isRefusal(error)) markLost(error);
  throw error;
}

/** What was taken for a call before it came to its target. */
function createGrant(
  { health }: Child,
  hold: SharedHold,
  claims: readonly Claim[],
): Granted & { giveBack(now: number): void } {
  let left: Reservation | undefined = reservationOf(hold, claims);
  const takeIt = () => {
    const taken = left;
    left = undefined;
    return taken;
  };
  return {
    targetId: health?.identity ?? '',
    claims: claims.length,
    take: takeIt,
    /** A call that never came to its target used nothing. */
    giveBack: (now) => takeIt()?.refund(now),
  };
}
