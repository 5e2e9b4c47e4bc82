// One of several processes that send calls to the same keys. Says `ready`, waits for `go`, tells what came of its calls, and ends.
import { Redis } from 'ioredis';
import { type Config, Portkey } from '../../src/index.ts';
import { redis } from '../../src/stores/redis/index.ts';

/** What a worker does. */
export interface WorkerOrder {
  /** Absent: it goes by its own limits alone. */
  readonly redisUrl?: string;
  readonly upstreamUrl: string;
  readonly keys: number;
  readonly rateLimit: object;
  readonly calls: number;
  /** Between two calls; 0: all at once. */
  readonly everyMs: number;
  readonly timeoutMs: number;
}

/** What came of it. */
export interface WorkerReport {
  readonly ok: number;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** Of each call, in order. */
  readonly durationsMs: readonly number[];
}

const order: WorkerOrder = JSON.parse(process.argv[2] ?? '{}');
const client = order.redisUrl === undefined ? undefined : new Redis(order.redisUrl);
client?.on('error', () => undefined);
const warnings: string[] = [];
const target: Config = { provider: 'openai', custom_host: order.upstreamUrl };
const portkey = new Portkey({
  environment: {},
  config: {
    strategy: { mode: 'loadbalance', algorithm: 'rate_limit_aware' },
    queue: { max_wait: 60 },
    targets: Array.from({ length: order.keys }, (_, key) => ({
      ...target,
      api_key: `key-${key}`,
      rate_limit: order.rateLimit as NonNullable<Config['rate_limit']>,
    })),
  },
  ...(client === undefined ? {} : { shared: redis(client, { namespace: 'workers', timeoutMs: order.timeoutMs }) }),
});
portkey.on('warning', ({ code }) => warnings.push(code));

async function call(params = {}): Promise<{ readonly error?: string; readonly ms: number }> {
  const start = performance.now();
  const done = (error?: unknown) => ({
    ms: performance.now() - start,
    ...(error === undefined ? {} : { error: String(error) }),
  });
  return portkey.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'hi' }] }, params).then(
    () => done(),
    (error) => done(error),
  );
}

process.on('message', async () => {
  const calls: ReturnType<typeof call>[] = [];
  for (let i = 0; i < order.calls; i++) {
    calls.push(call());
    if (order.everyMs > 0) await new Promise((resolve) => setTimeout(resolve, order.everyMs));
  }
  const results = await Promise.all(calls);
  const errors = results.flatMap(({ error }) => error ?? []);
  const durationsMs = results.map(({ ms }) => ms);
  const report: WorkerReport = { ok: results.length - errors.length, errors, warnings, durationsMs };
  process.send?.(report, () => process.exit());
});
if (client !== undefined && client.status !== 'ready') await new Promise((resolve) => client.once('ready', resolve));
// The first calls of a process take long. These go by a key of their own.
const warm = { ...target, api_key: `warm-${process.pid}`, rate_limit: { requests: 1000, per: '1s' } };
for (let i = 0; i < 5; i++) await call({ config: warm });
warnings.length = 0;
process.send?.('ready');
