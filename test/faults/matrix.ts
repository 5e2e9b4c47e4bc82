import type { Config } from '../../src/config/config.ts';
import { PortkeyError } from '../../src/core/errors/portkey-error.ts';
import { Portkey } from '../../src/portkey.ts';
import { unusedPort } from '../providers/transport/servers.ts';
import { healthy } from './bytes.ts';
import type { FaultCase } from './cases.ts';
import { scaledClock } from './scaled-clock.ts';
import { wireServer } from './wire-server.ts';

/** What came of one fault: seen alone, with one retry, and with a healthy fallback. */
export interface FaultRow {
  readonly name: string;
  readonly mode: 'whole' | 'stream';
  /** What the caller gets from the failing target alone: the content, or the error. */
  readonly seen: string;
  /** Calls the target got with `retry: { attempts: 1 }`. */
  readonly retried: boolean;
  /** What the caller gets when a healthy target stands behind it. */
  readonly withFallback: string;
  /** Attempts in flight, timers set, and connections to the target open afterwards. */
  readonly left: { readonly inFlight: number; readonly timers: number; readonly connections: number };
}

/** Set only where silence is the fault: on a busy machine everything else takes its time. */
const timeouts = { request_timeout: 2_000, first_token_timeout: 3_000, idle_timeout: 2_000 };

/** Lives through one fault in one mode, over real sockets, on a clock that runs twice as fast. */
export async function liveThrough(fault: FaultCase, mode: FaultRow['mode']): Promise<FaultRow> {
  const bad = await wireServer(fault.answer ?? healthy, { tls: fault.address === 'untrusted TLS' });
  const good = await wireServer(healthy);
  const clock = scaledClock(2);
  const address = await addressOf(fault, bad.port);
  const limits = fault.isSilent ? timeouts : {};
  const failing: Config = { provider: 'openai', api_key: 'k', custom_host: address, ...limits };
  const sound: Config = { provider: 'openai', api_key: 'k', custom_host: `http://127.0.0.1:${good.port}/v1` };
  const portkey = new Portkey({ environment: {}, clock });
  const tries: string[] = [];
  portkey.on('attempt-start', ({ attempt }) => tries.push(attempt.path));
  const ask = (config: Config) => outcomeOf(portkey, config, mode);
  try {
    const seen = await ask(failing);
    tries.length = 0;
    await ask({ ...failing, retry: { attempts: 1, use_retry_after_header: true } });
    const retried = tries.length > 1;
    const withFallback = await ask({ strategy: { mode: 'fallback' }, targets: [failing, sound] });
    await untilQuiet(clock, bad.connections);
    const inFlight = portkey.state().reduce((sum, target) => sum + target.inFlight, 0);
    const left = { inFlight, timers: clock.pending, connections: await bad.connections() };
    return { name: fault.name, mode, seen, retried, withFallback, left };
  } finally {
    await bad.close();
    await good.close();
  }
}

async function addressOf({ address }: FaultCase, port: number): Promise<string> {
  if (address === 'refused') return `http://127.0.0.1:${await unusedPort()}/v1`;
  if (address === 'unknown host') return 'http://no-such-host.invalid/v1';
  return `${address === undefined ? 'http' : 'https'}://127.0.0.1:${port}/v1`;
}

/** The content in quotes, or the error in words that hold on every run. */
async function outcomeOf(portkey: Portkey, config: Config, mode: FaultRow['mode']): Promise<string> {
  let text = '';
  try {
    const body = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }] };
    if (mode === 'whole') {
      const reply = await portkey.chat.completions.create(body, { config });
      return `"${reply.choices[0]?.message.content ?? ''}"`;
    }
    for await (const { choices } of await portkey.chat.completions.create({ ...body, stream: true }, { config }))
      text += choices[0]?.delta.content ?? '';
    return `"${text}"`;
  } catch (error) {
    if (!(error instanceof PortkeyError)) return `untyped ${String(error)}`;
    const { status } = error as { status?: number };
    const before = text === '' ? '' : `"${text}", then `;
    return `${before}${error.name}${status === undefined ? '' : ` ${status}`}, ${error.kind}`;
  }
}

/** Sockets close and timers end a moment after the caller has its answer; on a busy machine that takes longer. */
async function untilQuiet(clock: { readonly pending: number }, connections: () => Promise<number>): Promise<void> {
  for (let turn = 0; turn < 2000; turn++) {
    if (clock.pending === 0 && (await connections()) <= 2) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
