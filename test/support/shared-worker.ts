// One of several processes that send calls to the same keys. Says `ready`, waits for `go`, tells what comes of its calls, and ends.
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
  /** Absent: until it is told to `stop`. */
  readonly calls?: number;
  /** Between two calls; 0: all at once. */
  readonly everyMs: number;
  readonly timeoutMs: number;
}

/** What came of it. */
export interface WorkerReport {
  readonly ok: number;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** How far it is, told after each call. */
export interface WorkerProgress {
  /** Calls that are over. */
  readonly done: number;
  readonly warnings: number;
  /** Answers of Redis. */
  readonly answers: number;
}

/** What a worker says. */
export type WorkerMessage =
  | { readonly ready: true }
  | { readonly progress: WorkerProgress }
  | { readonly report: WorkerReport };

const order: WorkerOrder = JSON.parse(process.argv[2] ?? '{}');
const client = order.redisUrl === undefined ? undefined : new Redis(order.redisUrl);
client?.on('error', () => undefined);
const warnings: string[] = [];
let answers = 0;
let isToldToStop = false;

/** A Redis whose answers are counted. */
function counted(opened: Redis) {
  const shared = redis(opened, { namespace: 'workers', timeoutMs: order.timeoutMs });
  const exchange: typeof shared.state.exchange = async (message) => {
    const answer = await shared.state.exchange(message);
    answers++;
    return answer;
  };
  return { ...shared, state: { ...shared.state, exchange } };
}

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
  ...(client === undefined ? {} : { shared: counted(client) }),
});
portkey.on('warning', ({ code }) => warnings.push(code));

/** Undefined, or why it failed. */
async function call(params = {}): Promise<string | undefined> {
  return portkey.chat.completions
    .create({ model: 'm', messages: [{ role: 'user', content: 'hi' }] }, params)
    .then(() => undefined, String);
}

function tell(message: WorkerMessage, told: () => void = () => undefined): void {
  process.send?.(message, told);
}

async function work(): Promise<void> {
  const calls: Promise<string | undefined>[] = [];
  let done = 0;
  const over = () => tell({ progress: { done: ++done, warnings: warnings.length, answers } });
  while (!isToldToStop && calls.length < (order.calls ?? Number.POSITIVE_INFINITY)) {
    calls.push(call().finally(over));
    if (order.everyMs > 0) await new Promise((resolve) => setTimeout(resolve, order.everyMs));
  }
  const errors = (await Promise.all(calls)).flatMap((error) => error ?? []);
  tell({ report: { ok: calls.length - errors.length, errors, warnings } }, () => process.exit());
}

process.on('message', (told) => {
  if (told === 'go') void work();
  else isToldToStop = true;
});
if (client !== undefined && client.status !== 'ready') await new Promise((resolve) => client.once('ready', resolve));
// The first calls of a process take long. These go by a key of their own.
const warm = { ...target, api_key: `warm-${process.pid}`, rate_limit: { requests: 1000, per: '1s' } };
for (let i = 0; i < 5; i++) await call({ config: warm });
warnings.length = 0;
tell({ ready: true });
