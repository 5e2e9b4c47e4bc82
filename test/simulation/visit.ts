import { APIConnectionTimeoutError } from '../../src/core/errors/connection-errors.ts';
import { PortkeyError } from '../../src/core/errors/portkey-error.ts';
import type { Chat } from '../../src/resources/chat.ts';
import { dutiesOf, type RandomTree, type Seat } from './random-tree.ts';
import type { Seeded } from './seeded.ts';
import type { TargetBooks } from './target-books.ts';
import type { VirtualTime } from './virtual-time.ts';

/** One request as the simulation knows it. */
export interface Visitor {
  /** Stands in its message and its metadata; comes back in its reply. */
  readonly marker: string;
  readonly tree: RandomTree;
  readonly seats: ReadonlyMap<string, Seat>;
  /** What conditions look at. */
  readonly tier: string;
  readonly startedAt: number;
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

/** Sends one request, reads its reply as people do (some leave, some abort, some never read), and checks what it got. */
export async function visit(visitor: Visitor, scene: Scene): Promise<'answered' | 'failed' | 'aborted'> {
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

type Options = Parameters<Chat['completions']['create']>[2];

function ask({ marker, tier, tree }: Visitor, { chance }: Scene, signal: AbortSignal) {
  const options: Options = { signal, ...(chance.chance(0.05) ? { timeout: chance.int(50, 3_000) } : {}) };
  const params = { config: tree.config, metadata: { marker, tier } };
  return { body: { model: 'm', messages: [{ role: 'user' as const, content: marker }] }, params, options };
}

async function whole(visitor: Visitor, scene: Scene, signal: AbortSignal): Promise<'answered'> {
  const { body, params, options } = ask(visitor, scene, signal);
  const reply = await scene.client.completions.create(body, params, options);
  const content = reply.choices[0]?.message.content;
  if (content !== `echo ${visitor.marker}`) scene.broken(`${visitor.marker} got "${content}"`);
  return 'answered';
}

async function streamed(visitor: Visitor, scene: Scene, signal: AbortSignal): Promise<'answered'> {
  const { chance, time } = scene;
  const { body, params, options } = ask(visitor, scene, signal);
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
    if (content !== '' && !content.includes(visitor.marker)) scene.broken(`${visitor.marker} read "${content}"`);
    if (++chunks > leavesAfter) return 'answered';
    if (isSlow) await new Promise<void>((resolve) => time.after(chance.exponential(500), resolve));
  }
  if (last !== `end ${visitor.marker}` && !signal.aborted)
    scene.broken(`${visitor.marker}'s stream ended early, after "${last}"`);
  return 'answered';
}

function judge(error: unknown, visitor: Visitor, scene: Scene, signal: AbortSignal): 'failed' | 'aborted' {
  const { marker } = visitor;
  if (!(error instanceof PortkeyError)) {
    scene.broken(`${marker} failed with ${error instanceof Error ? error.stack : String(error)}`);
    return 'failed';
  }
  if (/secret-of/.test(`${error.message} ${JSON.stringify(error)}`)) scene.broken(`${marker}'s error tells a secret`);
  if (error.kind === 'aborted') {
    if (!signal.aborted) scene.broken(`${marker} failed as aborted, nobody aborted it`);
    return 'aborted';
  }
  const isLate = error instanceof APIConnectionTimeoutError && error.limit === 'total_timeout';
  const committed = error.attempts.some(({ firstTokenMs }) => firstTokenMs !== undefined);
  if (!isLate && !committed && !signal.aborted) checkDuties(error, visitor, scene);
  return 'failed';
}

/** A request may fail only when every target it had to try was tried, or was not ready. */
function checkDuties(
  error: PortkeyError,
  { marker, tree, tier, seats, startedAt }: Visitor,
  { books, broken }: Scene,
): void {
  const tried = new Set(error.attempts.map(({ path }) => path));
  for (const { path } of dutiesOf(tree.config, tier)) {
    const seat = seats.get(path);
    if (tried.has(path) || seat === undefined || books.wasUnready(seat, startedAt)) continue;
    broken(`${marker} failed (${error.name}: ${error.message}) though ${path} (${seat.id}) was left`);
    return;
  }
}
