import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { type JobSnapshot, Portkey } from 'modelmux';
import { createClient } from 'redis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BullConnection, type BullJobsOptions, bullJobs } from '../../../src/stores/redis/index.ts';
import { type RedisServer, redisCli, startRedis } from '../../support/redis.ts';

let server: RedisServer;
let provider: Provider;
const closing: (() => Promise<unknown> | unknown)[] = [];

beforeAll(async () => {
  server = await startRedis(['--appendonly', 'yes', '--appendfsync', 'always']);
  provider = await startProvider();
});
beforeEach(() => {
  redisCli(server.port, 'flushall');
  provider.reset();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(async () => {
  await provider.stop();
  await server.stop();
});

const body = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }] };

function client(options: BullJobsOptions = {}, connection: BullConnection = server.url) {
  const config = { provider: 'openai', api_key: 'k', custom_host: provider.url };
  const portkey = new Portkey({ environment: {}, config, jobs: bullJobs(connection, options) });
  closing.push(() => portkey.jobs.close());
  return portkey;
}

const finished = (portkey: Portkey, id: string) =>
  expect.poll(() => portkey.jobs.get(id), { timeout: 100_000 }).toMatchObject({ status: 'finished' });

async function resultOf(portkey: Portkey, id: string): Promise<JobSnapshot | undefined> {
  await finished(portkey, id);
  return portkey.jobs.get(id);
}

describe('a connection may be', () => {
  it.each<[string, () => BullConnection | Promise<BullConnection>]>([
    ['an address', () => server.url],
    ['options of BullMQ', () => ({ host: '127.0.0.1', port: server.port })],
    ['a client of ioredis', () => closable(new Redis(server.url), (opened) => opened.disconnect())],
    [
      'a patient client of ioredis',
      () => closable(new Redis(server.url, { maxRetriesPerRequest: null }), (opened) => opened.disconnect()),
    ],
    ['a client of redis', () => closable(createClient({ url: server.url }), (opened) => opened.destroy()).connect()],
  ])('%s', async (_, connect) => {
    const portkey = client({}, await connect());
    const { id, status, eta } = await portkey.jobs.submit(body);
    expect([status, eta]).toEqual(['queued', 5]);
    expect(await resultOf(portkey, id)).toMatchObject({ id, result: { object: 'chat.completion', model: 'm' } });
  });
});

function closable<Client>(opened: Client, close: (opened: Client) => unknown): Client {
  closing.push(() => close(opened));
  return opened;
}

describe('between processes', () => {
  it('one submits, another does it, and any of them knows the result', async () => {
    const front = client({ works: false });
    const { id } = await front.jobs.submit(body, { metadata: { _user: 'u' } });
    expect(await front.jobs.get(id)).toEqual({ id, status: 'queued' });
    const worker = client();
    expect(await resultOf(front, id)).toEqual(await worker.jobs.get(id));
    expect(provider.calls()).toBe(1);
  });

  it('namespaces are queues of their own', async () => {
    const { id } = await client({ works: false, namespace: 'a' }).jobs.submit(body);
    const other = client({ namespace: 'b' });
    const own = await other.jobs.submit(body);
    await finished(other, own.id);
    expect([await other.jobs.get(id), provider.calls()]).toEqual([undefined, 1]);
  });

  it('a job survives kill -9 of the process that does it', async () => {
    provider.hold();
    const front = client({ works: false });
    const first = startWorker();
    const { id } = await front.jobs.submit(body);
    await expect.poll(provider.calls).toBe(1);
    expect((await front.jobs.get(id))?.status).toBe('running');
    first.kill('SIGKILL');
    provider.reset();
    const second = client({ takeOverMs: 1000 });
    expect(await resultOf(second, id)).toMatchObject({ result: { object: 'chat.completion' } });
    expect(provider.calls()).toBe(1);
  });

  it('jobs survive kill -9 of Redis, where it writes down what it is told', async () => {
    const front = client({ works: false });
    const ids = await Promise.all(Array.from({ length: 10 }, async () => (await front.jobs.submit(body)).id));
    await server.kill();
    await server.restart();
    const worker = client();
    for (const id of ids) expect((await resultOf(worker, id))?.result).toBeDefined();
    expect(provider.calls()).toBe(10);
  });
});

describe('many jobs', () => {
  it('a hundred at once go through a provider’s limit, done by two workers, none is lost', async () => {
    provider.limit(10, 200);
    const workers = [client(), client()];
    const [front] = workers;
    if (front === undefined) throw new Error('No worker.');
    const ids = await Promise.all(Array.from({ length: 100 }, async () => (await front.jobs.submit(body)).id));
    for (const id of ids) expect((await resultOf(front, id))?.result).toBeDefined();
    expect([provider.answered(), new Set(ids).size]).toEqual([100, 100]);
    expect(provider.calls()).toBeGreaterThan(100);
  });

  it('are done by priority', async () => {
    const front = client({ works: false });
    const ids: string[] = [];
    for (const [user, priority] of [
      ['b', 7],
      ['c', 1000],
      ['a', 0],
    ] as const)
      ids.push((await front.jobs.submit({ ...body, user }, {}, { priority })).id);
    const worker = client({ concurrency: 1 });
    for (const id of ids) await finished(worker, id);
    expect(provider.users()).toEqual(['a', 'b', 'c']);
  });

  it('beyond the bound are refused', async () => {
    const front = client({ works: false, maxWaiting: 1 });
    await front.jobs.submit(body);
    await expect(front.jobs.submit(body)).rejects.toMatchObject({ name: 'JobQueueFullError', status: 429 });
  });
});

describe('a job taken back', () => {
  it('while it waits is never called', async () => {
    const front = client({ works: false });
    const { id } = await front.jobs.submit(body);
    expect([await front.jobs.cancel(id), await front.jobs.cancel(id), await front.jobs.cancel('x')]).toEqual([
      true,
      false,
      false,
    ]);
    const worker = client();
    const next = await worker.jobs.submit(body);
    await finished(worker, next.id);
    const error = { message: 'The job was cancelled.', kind: 'aborted' };
    expect([await worker.jobs.get(id), provider.calls()]).toEqual([{ id, status: 'finished', error }, 1]);
  });

  it('while another process does it ends the call there', async () => {
    provider.hold();
    const front = client({ works: false });
    client();
    const { id } = await front.jobs.submit(body);
    await expect.poll(provider.calls).toBe(1);
    expect(await front.jobs.cancel(id)).toBe(true);
    await expect.poll(provider.left).toBe(1);
    expect((await front.jobs.get(id))?.error?.kind).toBe('aborted');
  });
});

it('closing gives a running job back, for another process to do', async () => {
  provider.hold();
  const first = client();
  const { id } = await first.jobs.submit(body);
  await expect.poll(provider.calls).toBe(1);
  await first.jobs.close();
  provider.reset();
  expect(await resultOf(client(), id)).toMatchObject({ result: { object: 'chat.completion' } });
});

it('forgets results after their time', async () => {
  const portkey = client({ resultTtlMs: 1 });
  const { id } = await portkey.jobs.submit(body);
  await expect.poll(provider.answered).toBe(1);
  await expect.poll(() => portkey.jobs.get(id)).toBeUndefined();
});

it.each([
  [{ Authorization: 'Bearer secret' }, 'Authorization'],
  [{ config: { targets: [{ provider: 'openai', apiKey: 'secret' }] } }, 'config.targets[0].apiKey'],
  [{ awsSecretAccessKey: 'secret' }, 'awsSecretAccessKey'],
])('keeps no secret in Redis (%#)', async (params, path) => {
  const submitted = client({ works: false }).jobs.submit(body, params as never);
  await expect(submitted).rejects.toThrow(
    `"${path}" would be kept with the job outside this process. Use a virtual key, or the ID of a config.`,
  );
  expect(redisCli(server.port, 'dbsize')).toBe('0\n');
});

it('says so when Redis does not answer', async () => {
  const front = client({ works: false });
  await front.jobs.get('x');
  server.pause();
  const failed = await front.jobs.submit(body).catch((error: unknown) => error);
  server.resume();
  expect(failed).toMatchObject({ name: 'JobQueueError', status: 503 });
});

it.each([
  ['localhost:6379', {}, 'The address of a Redis begins with'],
  ['redis://localhost', { concurrency: 0 }, '"concurrency" is a whole number above 0, not 0.'],
  ['redis://localhost', { namespace: '{' }, '"namespace" is 1 to 100 letters'],
])('refuses what cannot be meant (%#)', (connection, options, message) => {
  expect(() => bullJobs(connection, options)).toThrow(message);
});

function startWorker(): ChildProcess {
  const file = join(import.meta.dirname, '../../support/job-worker.ts');
  const child = spawn(process.execPath, [file, server.url, provider.url], { stdio: 'inherit' });
  closing.push(() => child.kill('SIGKILL'));
  return child;
}

/** A provider on a real socket. */
interface Provider {
  readonly url: string;
  calls(): number;
  /** Calls answered with 200. */
  answered(): number;
  /** Calls whose caller left before the answer. */
  left(): number;
  /** `user` of each call, in order. */
  users(): readonly string[];
  /** From now on nobody is answered. */
  hold(): void;
  /** From now on more than `most` within `ms` are refused. */
  limit(most: number, ms: number): void;
  /** As new. */
  reset(): void;
  stop(): Promise<void>;
}

async function startProvider(): Promise<Provider> {
  let state = fresh();
  const http: Server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const mine = state;
    mine.users.push(JSON.parse(text).user);
    response.on('close', () => {
      if (!response.writableEnded) mine.left++;
    });
    if (!mine.holds) answer(mine, response);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/v1`,
    calls: () => state.users.length,
    answered: () => state.answeredAt.length,
    left: () => state.left,
    users: () => state.users,
    hold() {
      state.holds = true;
    },
    limit(most, ms) {
      state.limit = { most, ms };
    },
    reset() {
      state = fresh();
    },
    async stop() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

function fresh() {
  return {
    users: [] as string[],
    answeredAt: [] as number[],
    left: 0,
    holds: false,
    limit: { most: Number.POSITIVE_INFINITY, ms: 0 },
  };
}

function answer({ answeredAt, limit }: ReturnType<typeof fresh>, response: ServerResponse): void {
  const now = Date.now();
  const isOver = answeredAt.filter((at) => at > now - limit.ms).length >= limit.most;
  if (!isOver) answeredAt.push(now);
  response.writeHead(isOver ? 429 : 200, { 'content-type': 'application/json', 'retry-after-ms': String(limit.ms) });
  const choice = { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'hello' } };
  const reply = { id: 'c', object: 'chat.completion', created: 1, model: 'm', choices: [choice] };
  response.end(JSON.stringify(isOver ? { error: { message: 'too many' } } : reply));
}
