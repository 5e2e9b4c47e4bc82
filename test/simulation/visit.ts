import { APIConnectionTimeoutError } from '../../src/core/errors/connection-errors.ts';
import { BudgetExceededError } from '../../src/core/errors/money-errors.ts';
import { PortkeyError } from '../../src/core/errors/portkey-error.ts';
import { QueueFullError } from '../../src/core/errors/routing-errors.ts';
import type { Chat } from '../../src/resources/chat.ts';
import type { RandomTree } from './random-tree.ts';
import { dutiesOf, type Seat } from './seats.ts';
import type { Seeded } from './seeded.ts';
import type { TargetBooks } from './target-books.ts';
import { type AccountFact, mostTokens } from './target-facts.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { WeightBooks } from './weight-books.ts';

/** One request as the simulation knows it. */
export interface Visitor {
  /** Stands in its metadata, in no other's. */
  readonly marker: string;
  /** What it asks; comes back in its reply. Its own, but for configs that cache. */
  readonly question: string;
  readonly tree: RandomTree;
  /** It may be served by an older version of its config. */
  readonly isLoose: boolean;
  /** Others may ask the same. */
  readonly mayShare: boolean;
  /** What its call names: the config itself, or an ID. */
  readonly config: RandomTree['config'] | string;
  readonly seats: ReadonlyMap<string, Seat>;
  /** What conditions look at. */
  readonly tier: string;
  readonly team: string;
  readonly user: string;
  readonly priority: number | undefined;
  readonly traceId: string | undefined;
  readonly requestTimeoutMs: number | undefined;
  /** Who came first of those that came at the same time. */
  readonly order: number;
  readonly startedAt: number;
  /** The same for all who wait in one line. */
  readonly lineKey: unknown;
  /** Whose money a call of a target is. */
  accountsAt(seat: Seat): readonly AccountFact[];
  /** Where its picks are counted. */
  readonly weights: WeightBooks | undefined;
  /** How often the engine said that it ended. */
  ends: number;
}

/** Where a request takes place. */
export interface Scene {
  readonly chance: Seeded;
  readonly time: VirtualTime;
  readonly client: Chat;
  readonly books: TargetBooks;
  broken(problem: string): void;
}

/** What came of a visit. */
export type VisitOutcome = 'answered' | 'failed' | 'aborted';

/** Sends one request, reads its reply as people do (some leave, some abort, some never read), and checks what it got. */
export async function visit(visitor: Visitor, scene: Scene): Promise<VisitOutcome> {
  const { chance, time } = scene;
  const controller = new AbortController();
  const aborts = chance.chance(0.07);
  const cancelAbort = aborts ? time.after(chance.exponential(2_000), () => controller.abort()) : () => undefined;
  const leave = chance.chance(0.5) ? streamed : whole;
  try {
    return await leave(visitor, scene, controller.signal);
  } catch (error) {
    return judge(error, visitor, scene, controller.signal);
  } finally {
    cancelAbort();
  }
}

function ask(
  { marker, question, tier, team, user, priority, traceId, requestTimeoutMs, config }: Visitor,
  signal: AbortSignal,
) {
  const options = { signal, ...(requestTimeoutMs === undefined ? {} : { timeout: requestTimeoutMs }) };
  const params = {
    config,
    metadata: { marker, tier, team, user_id: user },
    ...(priority === undefined ? {} : { priority }),
    ...(traceId === undefined ? {} : { traceID: traceId }),
  };
  const messages = [{ role: 'user' as const, content: question }];
  return { body: { model: 'm', max_tokens: mostTokens, messages }, params, options };
}

async function whole(visitor: Visitor, scene: Scene, signal: AbortSignal): Promise<'answered'> {
  const { body, params, options } = ask(visitor, signal);
  const reply = await scene.client.completions.create(body, params, options);
  const content = reply.choices[0]?.message.content;
  if (content !== `echo ${visitor.question}`) scene.broken(`${visitor.marker} got "${content}"`);
  return 'answered';
}

async function streamed(visitor: Visitor, scene: Scene, signal: AbortSignal): Promise<'answered'> {
  const { chance, time } = scene;
  const { marker, question } = visitor;
  const { body, params, options } = ask(visitor, signal);
  const stream = await scene.client.completions.create({ ...body, stream: true }, params, options);
  // Nobody ever reads it: the deadline must clear it away.
  if (chance.chance(0.01)) return 'answered';
  const leavesAfter = chance.chance(0.1) ? chance.int(0, 4) : Number.POSITIVE_INFINITY;
  const isSlow = chance.chance(0.1);
  let last = '';
  let chunks = 0;
  for await (const { choices } of stream) {
    const content = choices[0]?.delta.content ?? '';
    if (content !== '') last = content;
    if (content !== '' && !content.includes(question)) scene.broken(`${marker} read "${content}"`);
    if (++chunks > leavesAfter) return 'answered';
    if (isSlow) await new Promise<void>((resolve) => time.after(chance.exponential(500), resolve));
  }
  if (last !== `end ${question}` && !signal.aborted) scene.broken(`${marker}'s stream ended early, after "${last}"`);
  return 'answered';
}

function judge(error: unknown, visitor: Visitor, scene: Scene, signal: AbortSignal): 'failed' | 'aborted' {
  const { marker, traceId } = visitor;
  if (!(error instanceof PortkeyError)) {
    scene.broken(`${marker} failed with ${error instanceof Error ? error.stack : String(error)}`);
    return 'failed';
  }
  if (error.kind === 'config') scene.broken(`${marker} failed as if its config were wrong: ${error.message}`);
  if (/secret-of/.test(`${error.message} ${JSON.stringify(error)}`)) scene.broken(`${marker}'s error tells a secret`);
  if (traceId !== undefined && error.traceId !== traceId)
    scene.broken(`${marker}'s error has the trace of ${error.traceId}`);
  if (error.kind === 'aborted') {
    if (!signal.aborted) scene.broken(`${marker} failed as aborted, nobody aborted it`);
    return 'aborted';
  }
  const isLate = error instanceof APIConnectionTimeoutError && error.limit === 'total_timeout';
  const committed = error.attempts.some(({ firstTokenMs }) => firstTokenMs !== undefined);
  // A budget may say that nobody else is to be asked; whoever finds a line full is not let in.
  const isTurnedAway =
    error instanceof QueueFullError || (error instanceof BudgetExceededError && error.onExhausted === 'reject');
  if (!isLate && !committed && !signal.aborted && !isTurnedAway) checkDuties(error, visitor, scene);
  return 'failed';
}

/** A request may fail only when every target it had to try was tried, or was not ready. */
function checkDuties(error: PortkeyError, visitor: Visitor, { books, broken }: Scene): void {
  const { marker, tree, tier, seats, startedAt } = visitor;
  const tried = new Set(error.attempts.map(({ path }) => path));
  for (const path of dutiesOf(tree.config, tier)) {
    const seat = seats.get(path);
    if (tried.has(path) || seat === undefined || visitor.accountsAt(seat).length > 0) continue;
    // Who waited for another's call was told how that failed.
    if (visitor.mayShare && seat.isCached) continue;
    // The version before the last edit may have heeded what its provider said.
    if (books.wasUnready(visitor.isLoose ? { ...seat, isGated: true } : seat, startedAt)) continue;
    broken(`${marker} failed (${error.name}: ${error.message}) though ${path} (${seat.id}) was left`);
    return;
  }
}
