import type { Config } from '../../src/config/config.ts';
import { createEventHub, type EventHub } from '../../src/core/event-hub.ts';
import type { Runtime } from '../../src/core/runtime.ts';
import type { Shared } from '../../src/core/shared-state.ts';
import type { Caller } from '../../src/resources/caller.ts';
import { type Chat, chat } from '../../src/resources/chat.ts';
import { createCaller } from '../../src/resources/create-caller.ts';
import type { Outcome } from './faults.ts';
import { type FaultyTransport, faultyTransport } from './faulty-transport.ts';
import type { LimitBooks } from './limit-books.ts';
import { limitBooks } from './limit-books.ts';
import { type LineWatch, lineWatch } from './line-watch.ts';
import type { Seeded } from './seeded.ts';
import { sharedTimeoutMs } from './shaky-shared.ts';
import { type TargetBooks, targetBooks } from './target-books.ts';
import { type AccountFact, type Flavour, toBudget, virtualKeys } from './target-facts.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Visitor } from './visit.ts';

/** One client with its own events, network, books; of several processes each is one. */
export interface GatewayProcess {
  readonly client: Chat;
  readonly books: TargetBooks;
  /** A visitor is about to call. */
  expect(visitor: Visitor): void;
  /** What is left open when nothing happens any more. */
  checkEmpty(): void;
  /** Calls that reached the network. */
  readonly calls: number;
}

/** What a process is made of. */
export interface ProcessScope {
  readonly chance: Seeded;
  readonly time: VirtualTime;
  readonly flavour: Flavour;
  readonly outcomeOf: (host: string) => Outcome;
  readonly clientBudgets: readonly ClientBudget[];
  readonly configs: (id: string) => Promise<Config>;
  readonly shared: Shared | undefined;
  /** Books of all processes together, where they share and nothing fails. */
  readonly together: LimitBooks | undefined;
  readonly broken: (problem: string) => void;
}

/** A budget over all calls of a client, one for each value of something. */
export interface ClientBudget {
  readonly by: 'provider' | 'metadata.team';
  readonly account: AccountFact;
}

/** Starts a process. */
export function gatewayProcess(scope: ProcessScope): GatewayProcess {
  const { chance, time, broken, shared, together } = scope;
  const events = createEventHub();
  const visitors = visitorBooks(events, { time, broken, lateMs: shared === undefined ? 0 : sharedTimeoutMs });
  let calls = 0;
  const network = faultyTransport(time, scope.outcomeOf, (call) => {
    calls++;
    books.called(call);
  });
  const caller = createCaller(optionsOf(scope), runtimeOf(time, network, events, chance.fork()));
  const own = limitBooks(shared === undefined ? 0 : slackMs, broken);
  const limits = [
    { books: own, chargesAtStart: false },
    ...(together === undefined ? [] : [{ books: together, chargesAtStart: true }]),
  ];
  const books = targetBooks({
    events,
    time,
    visitorOf: visitors.byRequest,
    limits,
    isShared: shared !== undefined,
    broken,
  });
  if (shared === undefined) visitors.watchLines(lineWatch(time, books, broken));
  return {
    client: chat(caller),
    books,
    expect: visitors.expect,
    get calls() {
      return calls;
    },
    checkEmpty() {
      if (visitors.under() > 0) broken(`${visitors.under()} requests began and never ended`);
      if (books.inFlight !== 0) broken(`${books.inFlight} attempts never ended`);
      if (network.open !== 0) broken(`${network.open} sockets are still open`);
      checkCounters(caller, broken);
    },
  };
}

/** A call is counted before the shared state is asked, and sent when it has answered. */
const slackMs = sharedTimeoutMs + 1;

function optionsOf({ flavour, clientBudgets, configs, shared }: ProcessScope) {
  return {
    config: { provider: 'openai', api_key: 'secret-of-nobody' },
    environment: {},
    priceList: false as const,
    configs,
    virtualKeys: virtualKeys(flavour),
    ...(clientBudgets.length === 0
      ? {}
      : { budgets: clientBudgets.map(({ by, account }) => ({ ...toBudget(account), by })) }),
    ...(shared === undefined ? {} : { shared }),
  };
}

function runtimeOf(clock: VirtualTime, transport: FaultyTransport, events: EventHub, chance: Seeded): Runtime {
  let ids = 0;
  const name = chance.int(0, 1e9);
  return {
    clock,
    transport,
    events,
    random: chance.next,
    requestId: () => `request-${name}-${++ids}`,
    traceId: () => `trace-${name}-${++ids}`,
  };
}

/** What the engine itself says of its counters when nobody is there. */
function checkCounters(caller: Caller, broken: (problem: string) => void): void {
  for (const { id, inFlight, waiting = 0, limits = [], budgets = [] } of caller.targets()) {
    const places = limits.reduce((sum, { of, used }) => sum + (of === 'concurrency' ? used : 0), 0);
    const reserved = budgets.reduce((sum, { reservedUsd }) => sum + reservedUsd, 0);
    const left = { inFlight, waiting, places, reserved };
    if (Object.values(left).some((count) => count !== 0)) broken(`${id} counts for nobody: ${JSON.stringify(left)}`);
  }
}

/** Checks what the engine says of requests, which may end `lateMs` after their deadline: an answer of the shared state is waited for so long. Each begins and ends once, in time, with its own facts and no more attempts than its tree allows. */
function visitorBooks(
  events: EventHub,
  { time, broken, lateMs }: { time: VirtualTime; broken: (problem: string) => void; lateMs: number },
) {
  const byMarker = new Map<string, Visitor>();
  const byRequest = new Map<string, Visitor>();
  let line: LineWatch | undefined;
  let under = 0;
  events.on('warning', ({ code, message }) => {
    if (code === 'listener' || code === 'config_reload') broken(message);
  });
  events.on('request-start', ({ requestId, traceId, metadata: { marker = '' } }) => {
    const visitor = byMarker.get(marker);
    if (visitor === undefined) return broken(`${requestId} carries the metadata of nobody`);
    byRequest.set(requestId, visitor);
    under++;
    if ((visitor.traceId ?? traceId) !== traceId) broken(`${marker} is traced as ${traceId}`);
    if (visitor.tree.isLine) line?.came(visitor);
  });
  events.on('attempt-start', ({ requestId }) => {
    const visitor = byRequest.get(requestId);
    if (visitor?.tree.isLine) line?.began(visitor);
  });
  events.on('request-end', ({ requestId, traceId, metadata: { marker }, attempts }) => {
    const visitor = byRequest.get(requestId);
    if (visitor === undefined) return broken(`${requestId} ended without having begun`);
    under--;
    if (visitor.tree.isLine) line?.ended(visitor);
    if (visitor.marker !== marker) broken(`${requestId} ended with the metadata of ${marker}`);
    if ((visitor.traceId ?? traceId) !== traceId) broken(`${visitor.marker} ended as ${traceId}`);
    if (++visitor.ends > 1) broken(`${visitor.marker} ended twice`);
    checkBounds(visitor, attempts.length, time.now() - lateMs, broken);
  });
  return {
    expect: (visitor: Visitor) => void byMarker.set(visitor.marker, visitor),
    byRequest: (requestId: string) => byRequest.get(requestId),
    watchLines(watch: LineWatch) {
      line = watch;
    },
    under: () => under,
  };
}

function checkBounds(
  { marker, tree, startedAt }: Visitor,
  attempts: number,
  now: number,
  broken: (problem: string) => void,
): void {
  const { config, mostAttempts } = tree;
  if (attempts > mostAttempts) broken(`${marker} made ${attempts} attempts, ${mostAttempts} are the most`);
  const late = now - startedAt - (config.total_timeout ?? 0);
  if (late > 0) broken(`${marker} ended ${late} ms after its deadline`);
}
