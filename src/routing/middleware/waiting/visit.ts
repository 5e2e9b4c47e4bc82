import type { RequestContext, Room } from '../../../core/context.ts';
import { CooldownError, isRefusal, QueueFullError, QueueTimeoutError } from '../../../core/errors/routing-errors.ts';
import type { Health } from '../../../core/health.ts';
import type { Reply } from '../../../core/reply.ts';
import type { Clock } from '../../../core/runtime.ts';
import { isLost } from '../shared/lost.ts';
import type { ServedLine } from './serve-line.ts';
import { type Go, standInLine } from './stand-in-line.ts';

/** What the requests of one room share. */
export interface Hall {
  readonly path: string;
  readonly health: Health;
  readonly line: ServedLine;
  readonly clock: Clock;
  /** Cooldowns are passed over when every target cools. */
  readonly panics: boolean;
  readonly maxWaitMs: number;
  readonly maxSize: number;
  /** The rank of a request that comes now. */
  rankOf(context: RequestContext, now: number): number;
  /** The next place, counted. */
  nextOrder(): number;
}

type ReadyAt = (now: number) => number;
type Next = (context: RequestContext) => Promise<Reply>;

/** How often a request that was let in and lost its place to another line is let in again without having to wait. */
const mostRushes = 8;

/** One request in a room: keeps its rank, and what it may still wait, however often it waits. */
export class Visit implements Room {
  readonly #hall: Hall;
  readonly #context: RequestContext;
  readonly #rank: number;
  readonly #order: number;
  readonly #lane: unknown;
  readonly #enteredAt: number;
  #waitedMs = 0;
  #rushes = 0;
  /** What it was turned away with when it waited. */
  #verdict: Error | undefined;

  /** `lane`: what it waits for, as far as that depends on the request. */
  constructor(hall: Hall, context: RequestContext, lane?: unknown) {
    this.#hall = hall;
    this.#lane = lane;
    this.#context = context;
    this.#enteredAt = hall.clock.now();
    this.#rank = hall.rankOf(context, this.#enteredAt);
    this.#order = hall.nextOrder();
  }

  /** Goes on at once where nobody waits and there is room, else in its turn; waits again when its place was taken in between. */
  enter(readyAt: ReadyAt, next: Next): Promise<Reply> {
    const { line, clock } = this.#hall;
    const now = clock.now();
    return line.isFree(this.#lane) && readyAt(now) <= now ? this.#goOn(readyAt, next) : this.#inTurn(readyAt, next);
  }

  #inTurn(readyAt: ReadyAt, next: Next): Promise<Reply> {
    return this.stand(readyAt, (onPlaced) => this.#goOn(readyAt, next, onPlaced));
  }

  async #goOn(readyAt: ReadyAt, next: Next, onPlaced?: () => void): Promise<Reply> {
    const attemptsBefore = this.#context.attempts.length;
    try {
      return await next({ ...this.#context, room: this, ...(onPlaced === undefined ? {} : { onPlaced }) });
    } catch (error) {
      const wasAsked = this.#context.attempts.length > attemptsBefore;
      if (wasAsked || !isRefusal(error) || this.#hasWaited(error) || !this.#mayReturn(readyAt, isLost(error)))
        throw error;
      const answer = this.#inTurn(readyAt, next);
      // Only now that it stands in line again is the next called.
      onPlaced?.();
      return answer;
    }
  }

  /** For who was asked in vain and has some targets left: a lane of its own, since others may take others. */
  wait(readyAt: ReadyAt, go: Go): Promise<Reply> {
    return this.stand(readyAt, go, {});
  }

  /** Waits in line and goes on when its turn has come. */
  stand(readyAt: ReadyAt, go: Go, lane: unknown = this.#lane): Promise<Reply> {
    const { path, line, clock, maxWaitMs, maxSize } = this.#hall;
    const { signal, deadline = Number.POSITIVE_INFINITY, onPlaced, granted } = this.#context;
    // Whoever called the request into this room need not wait until it is called out of it.
    onPlaced?.();
    const since = clock.now();
    // What was taken for it counts from when it was taken, and is kept from others: it is taken anew when the turn has come.
    granted?.take()?.refund(since);
    const giveUpAt = Math.min(since + maxWaitMs - this.#waitedMs, deadline);
    const readyFrom = readyAt(since);
    const tooLate = () => this.#tooLate(readyAt, clock.now() - since);
    if (Number.isFinite(readyFrom) ? readyFrom > giveUpAt : since >= giveUpAt) return Promise.reject(tooLate());
    const tooFull = () => {
      this.#verdict = new QueueFullError({ path, maxSize, readyInMs: readyAt(clock.now()) - clock.now() });
      return this.#verdict;
    };
    if (!this.#isLetInLine()) return Promise.reject(tooFull());
    const terms = { rank: this.#rank, order: this.#order, lane, readyAt, giveUpAt, signal, tooLate, tooFull };
    const whenCalled: Go = (placed, now) => {
      this.#waitedMs += now - since;
      return go(placed, now);
    };
    return standInLine(line, terms, whenCalled, clock);
  }

  /** A full line takes one who is more urgent than its last, who has to go. */
  #isLetInLine(): boolean {
    const { line, maxSize } = this.#hall;
    if (line.size < maxSize) return true;
    const last = line.last();
    if (last === undefined || last.rank < this.#rank || (last.rank === this.#rank && last.order < this.#order))
      return false;
    last.dismiss();
    return true;
  }

  /** One who is refused though there seems to be room was late by a moment, or does not see every limit: it does not try for ever. */
  #mayReturn(readyAt: ReadyAt, isLostToOthers: boolean): boolean {
    if (this.#context.signal.aborted) return false;
    const now = this.#hall.clock.now();
    // Other processes are faster now and then: the time is the bound.
    if (isLostToOthers) return now - this.#enteredAt < this.#hall.maxWaitMs;
    this.#rushes++;
    return readyAt(now) > now || this.#rushes <= mostRushes;
  }

  #tooLate(readyAt: ReadyAt, waitedMs: number): Error {
    const { path, health, clock, panics } = this.#hall;
    const now = clock.now();
    const readyInMs = readyAt(now) - now;
    this.#verdict =
      !panics && health.coolsUntil() > now
        ? new CooldownError({ path, of: 'node', readyInMs })
        : new QueueTimeoutError({ path, waitedMs: this.#waitedMs + waitedMs, readyInMs });
    return this.#verdict;
  }

  /** Waiting has been tried, here or in a room below. */
  #hasWaited(error: unknown): boolean {
    return error === this.#verdict || error instanceof QueueTimeoutError || error instanceof QueueFullError;
  }
}
