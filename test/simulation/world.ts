import { createEventHub, type EventHub } from '../../src/core/event-hub.ts';
import type { Runtime } from '../../src/core/runtime.ts';
import { chat } from '../../src/resources/chat.ts';
import { createCaller } from '../../src/resources/create-caller.ts';
import { moodyProvider } from './faults.ts';
import { type FaultyTransport, faultyTransport } from './faulty-transport.ts';
import { type RandomTree, randomTree, type Seat, seatsOf } from './random-tree.ts';
import { type Seeded, seeded } from './seeded.ts';
import { targetBooks } from './target-books.ts';
import { type VirtualTime, virtualTime } from './virtual-time.ts';
import { type Scene, type Visitor, visit } from './visit.ts';

/** What a world did. */
export interface WorldReport {
  readonly requests: number;
  answered: number;
  failed: number;
  aborted: number;
  /** Calls that reached the network. */
  calls: number;
}

/**
 * Lives through one world: random trees over random providers, `requests` calls at random times, some aborted, some left, some never read.
 * Rejects at the first broken promise, with the seed that shows it again.
 */
export async function liveThrough(seed: number, requests: number): Promise<WorldReport> {
  const chance = seeded(seed);
  const time = virtualTime();
  const events = createEventHub();
  const problems: string[] = [];
  const broken = (problem: string) => problems.push(problem);
  const report: WorldReport = { requests, answered: 0, failed: 0, aborted: 0, calls: 0 };
  const trees = Array.from({ length: chance.int(1, 3) }, () => randomTree(chance, sizeOf(chance)));
  const visitors = visitorBooks(events, time, broken);
  const network = moodyNetwork(chance.fork(), time, (marker) => {
    report.calls++;
    if (!visitors.knows(marker)) broken(`a call carries the unknown marker "${marker}"`);
  });
  const books = targetBooks(events, time.now, visitors.seatAt, broken);
  const runtime = runtimeOf(time, network, events, chance.fork());
  const client = chat(createCaller({ config: trees[0]?.config ?? {}, environment: {} }, runtime));
  const scene: Scene = { chance: chance.fork(), time, client, books, broken };
  const crowd = arrivals(requests, { chance, time, trees, seed }, (visitor) => {
    visitors.expect(visitor);
    return visit(visitor, scene).then((outcome) => report[outcome]++);
  });
  while (problems.length === 0) {
    await quiet();
    if (!time.step()) break;
  }
  if (problems.length === 0) {
    if (crowd.under() > 0) broken(`${crowd.under()} requests never ended`);
    if (visitors.under() > 0) broken(`${visitors.under()} requests began and never ended`);
    if (books.inFlight !== 0) broken(`${books.inFlight} attempts never ended`);
    if (network.open !== 0) broken(`${network.open} sockets are still open`);
  }
  if (problems.length > 0) throw new Error(`Seed ${seed}, ${requests} requests: ${problems.slice(0, 3).join('; ')}`);
  return report;
}

/** Everything that was to happen at this moment has happened. */
function quiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function sizeOf(chance: Seeded) {
  return { depth: chance.int(0, 6), targets: chance.pick([1, 3, 10, 60, 300]) };
}

function moodyNetwork(chance: Seeded, time: VirtualTime, onMarker: (marker: string) => void): FaultyTransport {
  const providers = new Map<string, ReturnType<typeof moodyProvider>>();
  const isPeaceful = chance.chance(0.1);
  const outcomeOf = (host: string) => {
    const provider = providers.get(host) ?? moodyProvider(chance.fork(), time, isPeaceful);
    providers.set(host, provider);
    return provider.outcome();
  };
  return faultyTransport(time, outcomeOf, ({ marker }) => onMarker(marker));
}

function runtimeOf(clock: VirtualTime, transport: FaultyTransport, events: EventHub, chance: Seeded): Runtime {
  let ids = 0;
  return {
    clock,
    transport,
    events,
    random: chance.next,
    requestId: () => `request-${++ids}`,
    traceId: () => `trace-${++ids}`,
  };
}

interface Stage {
  readonly chance: Seeded;
  readonly time: VirtualTime;
  readonly trees: readonly RandomTree[];
  readonly seed: number;
}

/** Sends visitors at random times. */
function arrivals(count: number, { chance, time, trees, seed }: Stage, visit: (visitor: Visitor) => Promise<unknown>) {
  const seats = new Map(trees.map((tree) => [tree, seatsOf(tree.config)]));
  const meanGapMs = chance.pick([1, 20, 300]);
  let under = 0;
  let sent = 0;
  const send = () => {
    const tree = chance.pick(trees);
    under++;
    const marker = `m${seed}-${++sent}.`;
    visit({
      marker,
      tree,
      seats: seats.get(tree) ?? new Map(),
      tier: String(chance.int(0, 5)),
      startedAt: time.now(),
      ends: 0,
    }).finally(() => under--);
    if (sent < count) time.after(chance.exponential(meanGapMs), send);
  };
  time.after(0, send);
  return { under: () => under };
}

/** Checks what the engine says of requests: each begins and ends once, in time, with its own facts and no more attempts than its tree allows. */
function visitorBooks(events: EventHub, time: VirtualTime, broken: (problem: string) => void) {
  const byMarker = new Map<string, Visitor>();
  const byRequest = new Map<string, Visitor>();
  events.on('request-start', ({ requestId, metadata: { marker = '' } }) => {
    const visitor = byMarker.get(marker);
    if (visitor === undefined) broken(`${requestId} carries the metadata of nobody`);
    else byRequest.set(requestId, visitor);
  });
  events.on('request-end', ({ requestId, metadata: { marker }, attempts }) => {
    const visitor = byRequest.get(requestId);
    if (visitor === undefined) return broken(`${requestId} ended without having begun, or twice`);
    byRequest.delete(requestId);
    if (visitor.marker !== marker) broken(`${requestId} ended with the metadata of ${marker}`);
    if (++visitor.ends > 1) broken(`${visitor.marker} ended twice`);
    const { config, mostAttempts } = visitor.tree;
    if (attempts.length > mostAttempts)
      broken(`${visitor.marker} made ${attempts.length} attempts, ${mostAttempts} are the most`);
    const late = time.now() - visitor.startedAt - (config.total_timeout ?? 0);
    if (late > 0) broken(`${visitor.marker} ended ${late} ms after its deadline`);
  });
  return {
    expect: (visitor: Visitor) => byMarker.set(visitor.marker, visitor),
    knows: (marker: string) => byMarker.has(marker),
    seatAt: (requestId: string, path: string): Seat =>
      byRequest.get(requestId)?.seats.get(path) ?? { id: path, cools: false },
    under: () => byRequest.size,
  };
}
