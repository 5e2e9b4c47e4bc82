// What sharing limits through Redis costs: node bench/redis.ts. Needs redis-server; the provider answers at once, without a network.
import { fork } from 'node:child_process';
import { Redis } from 'ioredis';
import { type Config, Portkey } from '../src/index.ts';
import { redis } from '../src/stores/redis/index.ts';
import { redisCli, startRedis } from '../test/support/redis.ts';
import { chatReply, chatRequest } from './payloads.ts';

/** One way to be measured. */
interface Case {
  readonly name: string;
  readonly isShared: boolean;
  readonly keys: number;
  readonly rateLimit: Config['rate_limit'];
  readonly processes: number;
  readonly concurrency: number;
  readonly calls: number;
}

/** Calls of each process before anything is measured. */
const warmUp = 300;

const generous: Config['rate_limit'] = { requests: 1_000_000, per: '1s' };
const cases: readonly Case[] = [
  { name: 'alone, one key', isShared: false, keys: 1, rateLimit: generous, processes: 1, concurrency: 1, calls: 5000 },
  { name: 'shared, one key', isShared: true, keys: 1, rateLimit: generous, processes: 1, concurrency: 1, calls: 5000 },
  {
    name: 'shared, ten keys',
    isShared: true,
    keys: 10,
    rateLimit: generous,
    processes: 1,
    concurrency: 1,
    calls: 5000,
  },
  {
    name: 'shared, ten keys',
    isShared: true,
    keys: 10,
    rateLimit: generous,
    processes: 1,
    concurrency: 16,
    calls: 10_000,
  },
  {
    name: 'alone, ten keys',
    isShared: false,
    keys: 10,
    rateLimit: generous,
    processes: 4,
    concurrency: 16,
    calls: 5000,
  },
  {
    name: 'shared, ten keys',
    isShared: true,
    keys: 10,
    rateLimit: generous,
    processes: 4,
    concurrency: 16,
    calls: 5000,
  },
  {
    name: 'shared, ten keys of 10 per 100 ms, all used up',
    isShared: true,
    keys: 10,
    rateLimit: { requests: 10, per: '100ms' },
    processes: 4,
    concurrency: 16,
    calls: 1000,
  },
];

/** What one process measured. */
interface Measured {
  readonly durationsMs: readonly number[];
  readonly cpuMs: number;
  readonly wallMs: number;
}

if (process.send === undefined) await measureAll();
else process.once('message', (order: { readonly url: string; readonly given: Case }) => work(order.url, order.given));

async function measureAll(): Promise<void> {
  const server = await startRedis();
  const rows: Record<string, string | number>[] = [];
  for (const given of cases) {
    redisCli(server.port, 'flushall');
    redisCli(server.port, 'config', 'resetstat');
    const done = await Promise.all(Array.from({ length: given.processes }, () => run(server.url, given)));
    rows.push(rowOf(given, done, trips(server.port)));
  }
  console.table(rows);
  await server.stop();
}

function run(url: string, given: Case): Promise<Measured> {
  return new Promise((resolve) => {
    const child = fork(import.meta.filename, [], { execArgv: [] });
    child.once('message', (measured) => resolve(measured as Measured));
    child.send({ url, given });
  });
}

/** Scripts run, which is what is awaited. */
function trips(port: number): number {
  const stats = redisCli(port, 'info', 'commandstats');
  return ['evalsha', 'eval'].reduce(
    (sum, name) => sum + Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(stats)?.[1] ?? 0),
    0,
  );
}

function rowOf(given: Case, done: readonly Measured[], scripts: number): Record<string, string | number> {
  const calls = given.calls * given.processes;
  const durations = done.flatMap(({ durationsMs }) => durationsMs).sort((a, b) => a - b);
  const at = (share: number) => (durations[Math.floor(durations.length * share)] ?? 0).toFixed(3);
  const cpuMs = done.reduce((sum, measured) => sum + measured.cpuMs, 0);
  const wallMs = Math.max(...done.map((measured) => measured.wallMs));
  return {
    case: given.name,
    processes: given.processes,
    'at a time': given.concurrency,
    'p50, ms': at(0.5),
    'p99, ms': at(0.99),
    'CPU, us/call': ((cpuMs * 1000) / calls).toFixed(1),
    'calls/s': Math.round((calls * 1000) / wallMs),
    'round trips/call': (scripts / (calls + warmUp * given.processes)).toFixed(3),
  };
}

async function work(url: string, given: Case): Promise<void> {
  const connection = new Redis(url);
  const reply = JSON.stringify(chatReply);
  const portkey = new Portkey({
    environment: {},
    config: {
      strategy: { mode: 'loadbalance', algorithm: 'rate_limit_aware' },
      queue: { max_wait: 60 },
      targets: Array.from({ length: given.keys }, (_, key) => ({
        provider: 'openai',
        api_key: `key-${key}`,
        ...(given.rateLimit === undefined ? {} : { rate_limit: given.rateLimit }),
      })),
    },
    fetch: async () => new Response(reply, { headers: { 'content-type': 'application/json' } }),
    // On a busy machine an answer may take longer than the 5 ms of the default; all of it is to be measured.
    ...(given.isShared ? { shared: redis(connection, { timeoutMs: 1000 }) } : {}),
  });
  const call = () => portkey.chat.completions.create(chatRequest as never);
  for (let i = 0; i < warmUp; i++) await call();
  const durationsMs: number[] = [];
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  let left = given.calls;
  const lane = async () => {
    while (left-- > 0) {
      const began = performance.now();
      await call();
      durationsMs.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: given.concurrency }, lane));
  const { user, system } = process.cpuUsage(cpu);
  const measured: Measured = { durationsMs, cpuMs: (user + system) / 1000, wallMs: performance.now() - start };
  process.send?.(measured, () => process.exit());
}
