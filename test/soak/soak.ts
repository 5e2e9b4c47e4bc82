import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { unusedPort } from '../providers/transport/servers.ts';
import { startRedis } from '../support/redis.ts';
import { faultyProvider } from './faulty-provider.ts';
import { type Instance, instance, type Usage } from './instance.ts';
import { startTraffic, type TrafficReport } from './traffic.ts';

/** What a soak came to. */
export interface SoakReport extends TrafficReport {
  readonly seconds: number;
  /** Calls that reached the provider. */
  readonly calls: number;
  /** Requests that the two logs hold. */
  readonly logged: number;
  /** What each process held, a sample a second, by its start. */
  readonly usage: readonly { readonly name: string; readonly samples: readonly Usage[] }[];
  /** Open files of each instance when nobody asks any more. */
  readonly restingHandles: readonly number[];
}

const callers = 8;

/**
 * Two `modelmux serve` over one Redis, each with a log in SQLite, under mixed traffic for so long: whole replies, streams, callers that leave,
 * a provider that fails in every way. In the middle one is ended by `kill -9` and started again.
 */
export async function soak(seconds: number): Promise<SoakReport> {
  const folder = mkdtempSync(join(tmpdir(), 'modelmux-soak-'));
  const redis = await startRedis();
  const provider = await faultyProvider(1);
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify(configFor(provider.url)));
  const logs = ['one', 'two'].map((name) => join(folder, `${name}.sqlite`));
  const instances: Instance[] = [];
  try {
    for (const log of logs)
      instances.push(
        await instance(await unusedPort(), ['--config', config, '--redis', redis.url, '--logs', log, '-q']),
      );
    const meter = watch(instances);
    const traffic = startTraffic(instances, callers, 1);
    const startedAt = Date.now();
    const waitUntil = (second: number) => pause(Math.max(0, startedAt + second * 1000 - Date.now()));
    await waitUntil(seconds / 2);
    await instances[0]?.kill();
    await waitUntil(seconds / 2 + 1);
    await instances[0]?.start();
    await waitUntil(seconds);
    await traffic.stop();
    const usage = meter.stop();
    // Kept connections end by their own time limits.
    await pause(8000);
    const restingHandles = instances.map((each) => each.measure().handles);
    for (const each of instances) await each.stop();
    const logged = logs.reduce((sum, log) => sum + countIn(log), 0);
    return { ...traffic.report, seconds, calls: provider.calls, logged, usage, restingHandles };
  } finally {
    for (const each of instances) await each.kill();
    await provider.close();
    await redis.stop();
    rmSync(folder, { recursive: true });
  }
}

function configFor(url: string): object {
  const target = { provider: 'openai', api_key: 'k' };
  return {
    strategy: { mode: 'fallback' },
    total_timeout: 20_000,
    targets: [
      {
        ...target,
        id: 'bad',
        custom_host: `${url}/bad/v1`,
        retry: { attempts: 1, backoff: { initial: 20 } },
        request_timeout: 300,
        first_token_timeout: 500,
        max_concurrency: 6,
        rate_limit: { requests: 200, per: '1s' },
        cooldown: { allowed_fails: 10, time: 1, window: 5 },
      },
      { ...target, id: 'good', custom_host: `${url}/good/v1`, max_concurrency: 100, queue: { max_wait: 10 } },
    ],
  };
}

/** Measures each instance every second. */
function watch(instances: readonly Instance[]) {
  const samples = new Map<string, Usage[]>();
  const timer = setInterval(() => {
    for (const [index, each] of instances.entries()) {
      if (!each.isUp) continue;
      const name = `instance ${index + 1}, start ${each.generation}`;
      samples.set(name, [...(samples.get(name) ?? []), each.measure()]);
    }
  }, 1000);
  return {
    stop() {
      clearInterval(timer);
      return [...samples].map(([name, some]) => ({ name, samples: some }));
    },
  };
}

function countIn(file: string): number {
  const database = new DatabaseSync(file, { readOnly: true });
  const row = database.prepare('SELECT count(*) AS count FROM log').get() as { count: number };
  database.close();
  return row.count;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
