import type { Attempt } from '../../src/core/attempt.ts';
import type { EventHub } from '../../src/core/event-hub.ts';
import type { Outcome } from './faults.ts';
import type { WireCall } from './faulty-transport.ts';
import type { LimitBooks } from './limit-books.ts';
import type { Seat } from './seats.ts';
import { sharedTimeoutMs } from './shaky-shared.ts';
import { amountOf, costMicro, type MeterFact, mostTokens, usageOf } from './target-facts.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Visitor } from './visit.ts';

/** What the events and the network say of targets in one process, kept apart from what the engine itself believes. */
export interface TargetBooks {
  /** A call reached the network. */
  called(call: WireCall): void;
  /** From `since` on, was there ever a reason not to call the target that stands here? */
  wasUnready(seat: Seat, since: number): boolean;
  /** May one more request go to the target now? As far as cooldown, places and limits of requests say. */
  isReady(seat: Seat): boolean;
  /** Attempts under way. */
  readonly inFlight: number;
}

/** Whose books these are. */
export interface BookScope {
  readonly events: EventHub;
  readonly time: VirtualTime;
  /** Who makes a request. */
  readonly visitorOf: (requestId: string) => Visitor | undefined;
  /** Limits as this process keeps them, and as all of them together do where they share. */
  readonly limits: readonly { readonly books: LimitBooks; readonly chargesAtStart: boolean }[];
  /** Other processes share, and what they know of targets and limits is not known here. */
  readonly isShared: boolean;
  readonly broken: (problem: string) => void;
}

interface Pending {
  readonly visitor: Visitor;
  readonly seat: Seat;
}

/** Keeps books by listening. */
export function targetBooks(scope: BookScope): TargetBooks {
  const { events, time, visitorOf, limits, isShared, broken } = scope;
  const openUntil = new Map<string, number>();
  const openedAt = new Map<string, number>();
  /** The failure of a call that was under way when its target opened puts the end of the cooldown off, which no event says. */
  const putOffUntil = new Map<string, number>();
  const lastUnready = new Map<string, number>();
  const busy = new Map<string, number>();
  const probes = new Map<string, string>();
  const gates = new Map<string, number>();
  /** Milliseconds that a provider will ask for in its answer, by request and target. */
  const askedToWait = new Map<string, number>();
  /** Attempts that began and have not reached the network, by target. */
  const begun = new Map<string, Pending[]>();
  let inFlight = 0;
  const { now } = time;

  events.on('target-open', ({ target: { targetId: id }, openUntil: until }) => {
    openUntil.set(id, until);
    openedAt.set(id, now());
    probes.delete(id);
  });
  events.on('target-close', ({ target: { targetId: id } }) => {
    openUntil.delete(id);
    putOffUntil.delete(id);
    probes.delete(id);
    lastUnready.set(id, now());
  });

  function checkCooldown(seat: Seat, requestId: string): void {
    const { id, cools, panics } = seat;
    const until = openUntil.get(id);
    if (!cools || panics || until === undefined) return;
    // Who asks the shared state has passed the cooldown before.
    if (isShared && now() - (openedAt.get(id) ?? 0) <= sharedTimeoutMs) return;
    if (now() < until) broken(`${id} was called ${until - now()} ms before its cooldown is over`);
    else if (probes.has(id)) broken(`${id} was called while its probe was under way`);
    else probes.set(id, requestId);
  }

  events.on('attempt-start', ({ requestId, attempt }) => {
    const { path } = attempt;
    const visitor = visitorOf(requestId);
    const seat = visitor?.seats.get(path);
    if (visitor === undefined || seat === undefined)
      return broken(`${requestId} tries ${path}, which its config has not`);
    if (attempt.retry === 0) visitor.weights?.picked(path);
    const { id } = seat;
    const count = (busy.get(id) ?? 0) + 1;
    busy.set(id, count);
    inFlight++;
    const most = seat.maxConcurrency ?? Number.POSITIVE_INFINITY;
    if (count > most) broken(`${id} has ${count} requests in flight, its limit is ${most}`);
    const waiting = begun.get(id) ?? [];
    waiting.push({ visitor, seat });
    begun.set(id, waiting);
    checkCooldown(seat, requestId);
  });

  events.on('attempt-end', ({ requestId, attempt }) => {
    const { path } = attempt;
    const visitor = visitorOf(requestId) as Visitor;
    const seat = visitor.seats.get(path) as Seat;
    const { id } = seat;
    const count = busy.get(id) ?? 0;
    if (count >= (seat.maxConcurrency ?? Number.POSITIVE_INFINITY)) lastUnready.set(id, now());
    busy.set(id, count - 1);
    inFlight--;
    checkTimes(visitor, seat, attempt);
    heedGate(seat, visitor, attempt.status);
    forget(id, visitor);
    const wasProbe = probes.get(id) === requestId;
    if (attempt.outcome === 'failure' && seat.cools && openUntil.has(id) && !wasProbe)
      putOffUntil.set(id, Math.max(putOffUntil.get(id) ?? 0, now() + seat.coolsForMs));
    if (wasProbe) {
      probes.delete(id);
      lastUnready.set(id, now());
    }
    charge(visitor, seat, attempt);
  });

  function charge(visitor: Visitor, seat: Seat, { usage, outcome, startedAt }: Readonly<Attempt>): void {
    if (usage === undefined) return;
    const expected = usageOf(visitor.question);
    if (outcome === 'success' && usage.estimated !== true && usage.completionTokens !== expected.completion)
      broken(`${visitor.marker} is said to have used ${usage.completionTokens} tokens, not ${expected.completion}`);
    // Of a reply that broke off the text is counted, which goes on longer here than any model would.
    const micro = costMicro(usage.promptTokens, Math.min(mostTokens, usage.completionTokens));
    for (const { books, chargesAtStart } of limits)
      for (const account of visitor.accountsAt(seat)) books.spent(account, micro, chargesAtStart ? startedAt : now());
  }

  function checkTimes(
    { marker, requestTimeoutMs, isLoose }: Visitor,
    seat: Seat,
    { headersMs, firstTokenMs, path }: { headersMs?: number; firstTokenMs?: number; path: string },
  ): void {
    const ofSeat = isLoose ? undefined : seat.requestTimeoutMs;
    const most = requestTimeoutMs ?? ofSeat ?? Number.POSITIVE_INFINITY;
    if ((headersMs ?? 0) > most) broken(`${marker} waited ${headersMs} ms for ${path}, ${most} are the most`);
    const mostFirst = seat.firstTokenTimeoutMs ?? Number.POSITIVE_INFINITY;
    if ((firstTokenMs ?? 0) > mostFirst)
      broken(`${marker} waited ${firstTokenMs} ms for a token, ${mostFirst} are the most`);
  }

  /** A 429 that says when to come back keeps the target, or its whole group, out of use until then; if it is heard. */
  function noteGate(seat: Seat, { marker }: Visitor, outcome: Outcome): void {
    if (outcome.kind !== 'status' || outcome.status !== 429) return;
    const { 'retry-after': seconds, 'retry-after-ms': ms } = outcome.headers;
    const waitMs = ms === undefined ? Number(seconds) * 1000 : Number(ms);
    if (!(waitMs >= 0)) return;
    askedToWait.set(`${marker} ${seat.path}`, waitMs);
  }

  function heedGate(seat: Seat, { marker }: Visitor, status: number | undefined): void {
    const name = `${marker} ${seat.path}`;
    const waitMs = askedToWait.get(name);
    askedToWait.delete(name);
    if (waitMs === undefined || status !== 429) return;
    const key = seat.group ?? seat.id;
    gates.set(key, Math.max(gates.get(key) ?? 0, now() + Math.min(waitMs, longestTrustMs)));
  }

  const gateUntil = ({ group, id }: Seat) => gates.get(group ?? id) ?? 0;

  /** Takes the attempt off the list of those that have not reached the network. */
  function forget(id: string, visitor: Visitor): void {
    const pending = begun.get(id);
    const place = pending?.findIndex((each) => each.visitor === visitor) ?? -1;
    if (place >= 0) pending?.splice(place, 1);
  }

  function called({ host, key, question, outcome }: WireCall): void {
    const id = key.replace('secret-of-', '');
    const found = begun.get(id)?.find(({ visitor }) => visitor.question === question);
    if (found === undefined || !id.startsWith(host)) {
      broken(`${host} was called with ${key} and "${question}" by nobody`);
      return;
    }
    const { visitor, seat } = found;
    forget(id, visitor);
    count(seat, question, outcome);
    noteGate(seat, visitor, outcome);
  }

  function count(seat: Seat, question: string, outcome: Outcome): void {
    const { id } = seat;
    if (seat.group !== undefined && !isShared && now() < gateUntil(seat))
      broken(`${id} of group ${seat.group} was called ${gateUntil(seat) - now()} ms before its provider said`);
    for (const { books } of limits)
      for (const meter of seat.meters)
        books.sent(meter, outcome.kind === 'answer' ? amountOf(meter.of, question) : least(meter), now());
  }

  const isFull = ({ id, maxConcurrency = Number.POSITIVE_INFINITY }: Seat) => (busy.get(id) ?? 0) >= maxConcurrency;

  function wasUnready(seat: Seat, since: number): boolean {
    const { id, cools, isGated, meters, maxConcurrency } = seat;
    const isLimited = isGated || meters.length > 0 || maxConcurrency !== undefined;
    // What others have used up, and which targets they found out of use, is remembered for a while.
    if (isShared && (isLimited || cools)) return true;
    return (
      isFull(seat) ||
      (cools && openUntil.has(id)) ||
      (isGated && gateUntil(seat) >= since) ||
      meters.some((meter) => limits.some(({ books }) => books.mayHaveLacked(meter, since, now()))) ||
      (lastUnready.get(id) ?? 0) >= since
    );
  }

  function isReady(seat: Seat): boolean {
    const { id, cools, panics, isGated, meters } = seat;
    const coolsUntil = Math.max(openUntil.get(id) ?? 0, putOffUntil.get(id) ?? 0);
    const isOut = !panics && ((cools && coolsUntil > now()) || probes.has(id));
    if (isFull(seat) || isOut || (isGated && gateUntil(seat) > now())) return false;
    const hasRoom = (meter: MeterFact) => limits.every(({ books }) => books.hasRoom(meter, now()));
    return meters.every((meter) => meter.of === 'requests' && hasRoom(meter));
  }

  return {
    called,
    wasUnready,
    isReady,
    get inFlight() {
      return inFlight;
    },
  };
}

/** No word of a provider is believed for longer. */
const longestTrustMs = 600_000;

/** Of a call that failed a request counts, tokens do not. */
function least({ of }: MeterFact): number {
  return of === 'requests' ? 1 : 0;
}
