import type { Config } from '../../config/config.ts';
import { systemClock } from '../../core/runtime.ts';
import { Portkey } from '../../index.ts';
import { type Simulator, startSimulator } from '../../simulator/index.ts';
import { CliFailure, type CliIo } from '../io.ts';
import { runLoad } from '../load/run-load.ts';
import { painter } from '../style.ts';
import { traceTree } from '../trace-tree.ts';
import { demoConfig, demoTargets } from './demo-config.ts';
import { createScoreboard, type Scoreboard } from './scoreboard.ts';
import { jsonScreen, liveScreen, plainScreen, type Screen } from './screen.ts';

/** What a demo is asked for. */
export interface DemoRun {
  readonly seconds: number;
  readonly rate: number;
  readonly seed: number;
  readonly json?: boolean;
}

/** Runs simulated providers, a router and traffic, with an outage of the first provider in the middle third. */
export async function demo(run: DemoRun, io: CliIo): Promise<void> {
  const simulator = await startSimulator({ seed: run.seed, recordLimit: 0, defaults: { latencyMs: [20, 80] } });
  try {
    const config = demoConfig(simulator.baseUrl, run.seconds / 10);
    const board = createScoreboard(demoTargets);
    const screen = screenFor(run, io);
    if (!run.json) io.stdout(`${intro(simulator, config, io)}\n`);
    await play({ run, io, simulator, board, screen, portkey: watched(config, board) });
    tellEnd(run, { io, board, config });
  } finally {
    await simulator.stop();
  }
}

interface Play {
  readonly run: DemoRun;
  readonly io: CliIo;
  readonly simulator: Simulator;
  readonly board: Scoreboard;
  readonly screen: Screen;
  readonly portkey: Portkey;
}

async function play({ run, io, simulator, board, screen, portkey }: Play): Promise<void> {
  const durationMs = run.seconds * 1000;
  const scene = scenes(run, (text, outage) => {
    simulator.behave('openai', { outage });
    screen.tell(text);
  });
  let second = 0;
  const clock = setInterval(() => {
    second += 1;
    screen.show(board.read(), second);
  }, 1000);
  const body = { model: 'gpt-4o-mini', messages: [{ role: 'user' as const, content: 'Say hello.' }] };
  const send = (signal: AbortSignal) => {
    scene();
    return portkey.chat.completions.create(body, {}, { signal }).then(
      () => ({}),
      () => ({}),
    );
  };
  try {
    const bounds = { durationMs, concurrency: run.rate * 2, ratePerSecond: run.rate };
    await runLoad(bounds, { send, clock: systemClock, signal: io.signal }, () => undefined);
  } finally {
    clearInterval(clock);
  }
}

/** To be called at each request. The outage takes the middle third of them, however slow the machine is. */
function scenes({ seconds, rate }: DemoRun, change: (text: string, outage: boolean) => void): () => void {
  const third = Math.floor((seconds * rate) / 3);
  let requests = 0;
  return () => {
    requests += 1;
    if (requests === third + 1) change('openai goes down', true);
    if (requests === 2 * third + 1) change('openai is back', false);
  };
}

function watched(config: Config, board: Scoreboard): Portkey {
  return new Portkey({ config, environment: {} })
    .on('request-end', board.requestEnded)
    .on('attempt-end', ({ attempt }) => board.attemptEnded(attempt))
    .on('target-open', ({ target }) => board.cooled(target.name, true))
    .on('target-close', ({ target }) => board.cooled(target.name, false));
}

function screenFor({ json }: DemoRun, io: CliIo): Screen {
  if (json) return jsonScreen(io);
  return io.isTty ? liveScreen(io, painter(io)) : plainScreen(io);
}

function intro({ url }: Simulator, config: Config, io: CliIo): string {
  const paint = painter(io);
  return [`Simulated providers on ${url}: no model is asked.`, '', ...traceTree(config, [], paint), ''].join('\n');
}

interface End {
  readonly io: CliIo;
  readonly board: Scoreboard;
  readonly config: Config;
}

function tellEnd({ json }: DemoRun, { io, board, config }: End): void {
  const { requests, failed, rows } = board.read();
  const sample = board.sample();
  if (json) {
    const traced = sample === undefined ? {} : { trace: { traceId: sample.traceId, attempts: sample.attempts } };
    io.stdout(`${JSON.stringify({ type: 'end', requests, failed, rows, ...traced })}\n`);
  } else {
    const tree =
      sample === undefined ? [] : ['', `Trace ${sample.traceId}:`, ...traceTree(config, sample.attempts, painter(io))];
    const tries = rows.reduce((sum, row) => sum + row.failed, 0);
    io.stdout(
      `${['', `${requests} requests, ${tries} failed tries, ${failed} failed requests.`, ...tree].join('\n')}\n`,
    );
  }
  if (requests > 0 && failed === requests) throw new CliFailure('No request was answered.');
}
