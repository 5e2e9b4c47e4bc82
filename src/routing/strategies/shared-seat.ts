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
import type { Affine, AffinityWish } from '../algorithms/index.ts';
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

/** As many when it is asked first which of them the request's kind goes to: that is not asked often. */
const mostBound = 100;

/** Where seats are taken. */
export interface Seats {
  readonly children: readonly Child[];
  readonly view: ChildrenView;
  readonly link: SharedLink;
  /** Whom other requests of its kind go to; absent where that is of no matter. */
  readonly wishOf?: Affine['wishOf'] | undefined;
}

/** One round trip finds a child that has room for all processes together, as long as one of the first few has; and the one that others of the request's kind go to. */
export function sharedSeat({ children, view, link, wishOf }: Seats): Seat {
  return async ({ index, request, context }, onSeat) => {
    const picked = children[index] as Child;
    const demand = view.demandOf?.(request, context);
    const wish = wishOf?.(request, context, demand);
    const first = candidateOf(index, children, demand);
    if (first.taking.shared.length === 0 && wish === undefined) {
      onSeat(index);
      return picked.handler(request, context);
    }
    const others = othersThan(index, children, context).filter((other) => view.share(other, demand) > lastChoice);
    const candidates = [first, ...othersOf(others, wish, (other) => candidateOf(other, children, demand))];
    const asked = link.reserve(
      candidates.map(({ taking }) => taking.shared),
      wish && {
        key: wish.name,
        ttlMs: wish.ttlMs,
        targets: candidates.map((candidate) => view.identity(candidate.index)),
      },
    );
    const verdict = asked instanceof Promise ? await asked : asked;
    if (verdict.kind !== 'unknown') wish?.hear(verdict.bound);
    return take(verdict, candidates, { children, request, context, onSeat, now: view.now });
  };
}

/** One that takes nothing here says for itself what it lacks: it is asked only where it may be the one that others go to. */
function othersOf(
  indexes: readonly number[],
  wish: AffinityWish | undefined,
  candidateAt: (index: number) => Candidate,
): readonly Candidate[] {
  if (wish !== undefined)
    return indexes
      .slice(0, mostBound - 1)
      .filter(wish.isFree)
      .map(candidateAt);
  return indexes
    .slice(0, mostCandidates)
    .map(candidateAt)
    .filter(({ taking }) => taking.shared.length > 0)
    .slice(0, mostCandidates - 1);
}

const nothing: Taking = { claims: [], shared: [] };

function candidateOf(index: number, children: readonly Child[], demand: RequestDemand | undefined): Candidate {
  const taking = demand === undefined ? undefined : children[index]?.health?.taking?.(demand);
  return { index, taking: taking ?? nothing };
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
  const granted = createGrant(child, verdict.hold, { claims: seated.taking.claims, at: now() });
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
  { claims, at }: { readonly claims: readonly Claim[]; readonly at: number },
): Granted & { giveBack(now: number): void } {
  let left: Reservation | undefined = reservationOf(hold, claims);
  const takeIt = () => {
    const taken = left;
    left = undefined;
    return taken;
  };
  return {
    targetId: health?.identity ?? '',
    keys: claims.map(({ key }) => key),
    at,
    take: takeIt,
    /** A call that never came to its target used nothing. */
    giveBack: (now) => takeIt()?.refund(now),
  };
}
