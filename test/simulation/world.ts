import { moodyProvider } from './faults.ts';
import { type ClientBudget, type GatewayProcess, gatewayProcess } from './gateway-process.ts';
import { limitBooks } from './limit-books.ts';
import { edited, type RandomTree, randomTree } from './random-tree.ts';
import { type Seat, seatsOf } from './seats.ts';
import { type Seeded, seeded } from './seeded.ts';
import { type ShakyShared, shakyShared, sharedTimeoutMs } from './shaky-shared.ts';
import { digestAtOnce } from './sync-digest.ts';
import { budgetOf, type Flavour, type TargetFacts, targetFacts } from './target-facts.ts';
import { type VirtualTime, virtualTime } from './virtual-time.ts';
import { type Scene, type Visitor, visit } from './visit.ts';
import { type WeightBooks, weightBooks } from './weight-books.ts';

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
 * Lives through one world: random trees over random providers, one process or several, `requests` calls at random times, some aborted, some
 * left, some never read. Rejects at the first broken promise, with the seed that shows it again.
 */
export async function liveThrough(seed: number, requests: number): Promise<WorldReport> {
  digestAtOnce();
  const chance = seeded(seed);
  // Days, and the budgets that go by them, begin anew at midnight.
  const time = virtualTime(Date.UTC(2026, 0, 1) - (chance.chance(0.3) ? chance.int(1, 60_000) : 0));
  const problems: string[] = [];
  const broken = (problem: string) => void problems.push(problem);
  const report: WorldReport = { requests, answered: 0, failed: 0, aborted: 0, calls: 0 };
  const flavour = flavourOf(chance);
  const factsOf = targetFacts(flavour);
  const plots = plotsOf(chance, flavour, factsOf);
  const { processes, shared } = start({ chance, time, flavour, plots, broken });
  const crowd = arrivals(requests, { chance, time, plots, seed, processes, flavour, factsOf }, (visitor, process) => {
    process.expect(visitor);
    const scene: Scene = { chance: chance.fork(), time, client: process.client, books: process.books, broken };
    return visit(visitor, scene).then((outcome) => report[outcome]++);
  });
  while (problems.length === 0) {
    await quiet();
    if (!time.step()) break;
  }
  if (problems.length === 0) {
    if (crowd.under() > 0) broken(`${crowd.under()} requests never ended`);
    for (const process of processes) process.checkEmpty();
    for (const { weights } of plots) weights?.check(broken);
    if (shared?.isSteady === true && shared.leases() > 0) broken(`${shared.leases()} shared places are held by nobody`);
  }
  if (problems.length > 0) throw new Error(`Seed ${seed}, ${requests} requests: ${problems.slice(0, 3).join('; ')}`);
  report.calls = processes.reduce((sum, { calls }) => sum + calls, 0);
  return report;
}

/** Everything that was to happen at this moment has happened. */
function quiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function flavourOf(chance: Seeded): Flavour {
  return {
    limits: chance.chance(0.6),
    money: chance.chance(0.3),
    keys: chance.chance(0.5),
    caches: chance.chance(0.25),
  };
}

/** A tree as it is now, and where its targets stand. */
interface Plot {
  readonly id: string;
  /** Calls name it by its ID. */
  readonly byId: boolean;
  /** Its config is edited under way. */
  readonly isEdited: boolean;
  tree: RandomTree;
  seats: ReadonlyMap<string, Seat>;
  readonly weights: WeightBooks | undefined;
}

function plotsOf(chance: Seeded, flavour: Flavour, factsOf: (id: string) => TargetFacts): readonly Plot[] {
  const pool = { first: chance.int(0, 299), count: chance.pick([6, 40, 300]) };
  const isEdited = chance.chance(0.3);
  return Array.from({ length: chance.int(1, 3) }, (_, serial) => {
    const size = { depth: chance.int(0, 6), targets: chance.pick([1, 3, 10, 60, 300]) };
    const tree = randomTree(chance, size, { flavour, factsOf, pool, serial });
    const byId = chance.chance(0.3);
    const weights = isEdited ? undefined : weightBooks(tree.config, factsOf);
    return { id: `pc-live-${serial}`, byId, tree, seats: seatsOf(tree, factsOf), weights, isEdited };
  });
}

interface Beginning {
  readonly chance: Seeded;
  readonly time: VirtualTime;
  readonly flavour: Flavour;
  readonly plots: readonly Plot[];
  readonly broken: (problem: string) => void;
}

function start({ chance, time, flavour, plots, broken }: Beginning) {
  const isSteady = chance.chance(0.4);
  const base = chance.chance(0.3) ? shakyShared(chance.fork(), time, isSteady) : undefined;
  const shared: (ShakyShared & { readonly isSteady: boolean }) | undefined = base && { ...base, isSteady };
  const together = shared?.isSteady === true ? limitBooks(2 * sharedTimeoutMs, broken) : undefined;
  const outcomeOf = moodyNetwork(chance.fork(), time);
  const clientBudgets: readonly ClientBudget[] =
    flavour.money && chance.chance(0.3)
      ? (['provider', 'metadata.team'] as const).map((by) => ({ by, account: budgetOf(by, 4 + chance.int(0, 4)) }))
      : [];
  const configs = async (id: string) => (plots.find((plot) => plot.id === id) as Plot).tree.config;
  const processes = Array.from({ length: shared === undefined ? 1 : chance.int(1, 3) }, () =>
    Object.assign(
      gatewayProcess({ chance, time, flavour, outcomeOf, clientBudgets, configs, shared, together, broken }),
      { clientBudgets },
    ),
  );
  return { processes, shared };
}

function moodyNetwork(chance: Seeded, time: VirtualTime) {
  const providers = new Map<string, ReturnType<typeof moodyProvider>>();
  const isPeaceful = chance.chance(0.1);
  return (host: string) => {
    const provider = providers.get(host) ?? moodyProvider(chance.fork(), time, isPeaceful);
    providers.set(host, provider);
    return provider.outcome();
  };
}

interface Stage {
  readonly chance: Seeded;
  readonly time: VirtualTime;
  readonly plots: readonly Plot[];
  readonly seed: number;
  readonly processes: readonly (GatewayProcess & { readonly clientBudgets: readonly ClientBudget[] })[];
  readonly flavour: Flavour;
  readonly factsOf: (id: string) => TargetFacts;
}

/** Sends visitors at random times, and edits configs under way. */
function arrivals(
  count: number,
  { chance, time, plots, seed, processes, flavour, factsOf }: Stage,
  send: (visitor: Visitor, process: GatewayProcess) => Promise<unknown>,
) {
  const meanGapMs = chance.pick([1, 20, 300]);
  let under = 0;
  let sent = 0;
  const next = () => {
    const plot = chance.pick(plots);
    if (plot.isEdited && chance.chance(0.02)) edit(plot, chance, factsOf);
    const process = chance.pick(processes);
    under++;
    send(
      visitorOf(plot, { chance, time, marker: `m${seed}-${++sent}.`, order: sent, flavour }, process.clientBudgets),
      process,
    ).finally(() => under--);
    if (sent < count) time.after(chance.exponential(meanGapMs), next);
  };
  time.after(0, next);
  return { under: () => under };
}

function edit(plot: Plot, chance: Seeded, factsOf: (id: string) => TargetFacts): void {
  plot.tree = edited(plot.tree, chance);
  plot.seats = seatsOf(plot.tree, factsOf);
}

interface Birth {
  readonly chance: Seeded;
  readonly time: VirtualTime;
  readonly marker: string;
  readonly order: number;
  readonly flavour: Flavour;
}

function visitorOf(
  plot: Plot,
  { chance, time, marker, order, flavour }: Birth,
  budgets: readonly ClientBudget[],
): Visitor {
  const { tree, seats, byId, id, isEdited } = plot;
  const team = `team-${chance.int(0, 3)}`;
  return {
    marker,
    question: flavour.caches ? `q${chance.int(0, 40)}.` : marker,
    isLoose: byId && isEdited,
    mayShare: flavour.caches,
    tree,
    config: byId ? id : tree.config,
    seats,
    tier: String(chance.int(0, 5)),
    team,
    user: `user-${chance.int(0, 9)}`,
    priority: chance.chance(0.3) ? chance.int(-3, 8) : undefined,
    traceId: chance.chance(0.5) ? `trace-of-${marker}` : undefined,
    requestTimeoutMs: chance.chance(0.05) ? chance.int(50, 3_000) : undefined,
    order,
    startedAt: time.now(),
    // Who waits by an older config waits in a line of its own.
    lineKey: tree,
    weights: plot.weights,
    accountsAt: ({ accounts, provider }) => [
      ...accounts,
      ...budgets.map(({ by, account }) => ({ ...account, key: `${by} ${by === 'provider' ? provider : team}` })),
    ],
    ends: 0,
  };
}
