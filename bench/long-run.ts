// What a million calls of different users, teams, sessions and traces leave behind, with everything configured, and what a call costs then:
// node bench/long-run.ts [calls]. The network answers at once; a process of its own for each way, so that none warms another up.
import { fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import { createEventHub } from '../src/core/event-hub.ts';
import { type Runtime, systemClock } from '../src/core/runtime.ts';
import type { PortkeyOptions } from '../src/index.ts';
import { chat } from '../src/resources/chat.ts';
import { createCaller } from '../src/resources/create-caller.ts';
import { callOf, everything, replyText } from '../test/support/everything.ts';
import { instantNetwork } from './instant-network.ts';

const bare: PortkeyOptions = { environment: {}, logs: false, config: { provider: 'openai', api_key: 'k' } };
const { cache: _cache, ...uncached } = Object(everything.config);
const ways: Readonly<Record<string, PortkeyOptions>> = {
  'one target, no logs': bare,
  'one target, logs in memory': { ...bare, logs: {} },
  'everything but the cache': { ...everything, config: uncached },
  everything,
};

/** Calls under way at once. */
const atOnce = 50;
const mebibyte = 1024 * 1024;

interface Order {
  readonly way: string;
  readonly calls: number;
}

if (process.send === undefined) await measureAll();
else process.once('message', async (order: Order) => process.send?.(await measure(order), () => process.exit()));

async function measureAll(): Promise<void> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const calls = Number(positionals[0] ?? 1_000_000);
  // The longest last: what is known is told.
  for (const way of Object.keys(ways))
    console.log(await inProcess({ way, calls: way === 'everything' ? calls : calls / 10 }));
}

function inProcess(order: Order): Promise<object> {
  return new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, [], { execArgv: ['--expose-gc'] });
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`It ended: ${code}.`)));
    child.send(order);
  });
}

async function measure({ way, calls }: Order): Promise<object> {
  const portkey = { chat: chat(createCaller(ways[way] ?? {}, runtimeOf())) } as unknown as Client;
  const heap: number[] = [];
  const cpu: number[] = [];
  const step = calls / 10;
  for (let done = 0; done < calls; done += step) {
    const before = process.cpuUsage();
    await run(portkey, done, step);
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / step);
    globalThis.gc?.();
    heap.push(process.memoryUsage().heapUsed / mebibyte);
  }
  const growth = ((heap.at(-1) ?? 0) - (heap[Math.floor(heap.length / 2)] ?? 0)) / (calls / 2 / 100_000);
  return {
    way,
    calls,
    'CPU, us/call': (cpu.toSorted((a, b) => a - b)[Math.floor(cpu.length / 2)] ?? 0).toFixed(1),
    'heap after each tenth, MiB': heap.map((mib) => mib.toFixed(0)).join(' '),
    'growth in the second half, MiB per 100,000 calls': growth.toFixed(2),
  };
}

type Client = Parameters<typeof callOf>[0];

async function run(portkey: Client, from: number, calls: number): Promise<void> {
  let next = from;
  const lane = async () => {
    while (next < from + calls) await callOf(portkey, next++);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

function runtimeOf(): Runtime {
  return {
    clock: systemClock,
    random: Math.random,
    requestId: () => crypto.randomUUID(),
    traceId: () => crypto.randomUUID().replaceAll('-', ''),
    events: createEventHub(),
    transport: instantNetwork(replyText),
  };
}
