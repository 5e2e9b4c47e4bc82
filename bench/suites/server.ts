import type { Agent } from 'node:http';
import { startGatewayProcess } from '../gateway.ts';
import { type Servers, spread } from '../harness.ts';
import { type Aim, keptAgent, type LoadResult, load, percentile } from '../load.ts';
import { median } from '../measurement.ts';
import { chatRequest } from '../payloads.ts';
import { type Report, toMarkdown } from '../report.ts';
import { oursFor, targetOf } from '../serve.ts';
import type { ServerProcess } from '../server-process.ts';

const roundMs = 800;

/** One way to the provider. */
interface Contender {
  readonly name: string;
  /** Absent: straight to the provider. */
  readonly server?: ServerProcess;
  readonly aim: (stream: boolean, upstream: string) => Aim;
}

/** `modelmux serve` beside Portkey's open-source gateway: the same requests to the same provider, in turns. */
export async function server({ addresses: { upstream } }: Servers, rounds = 7): Promise<readonly Report[]> {
  const [{ start, remove }, theirs] = [oursFor(upstream), await startGatewayProcess()];
  const ours = await start();
  try {
    if (ours === undefined || theirs === undefined)
      throw new Error('One of the servers did not start: build first, and npm ci in bench/.');
    const contenders = contendersOf(ours, theirs);
    const reports: Report[] = [];
    for (const stream of [false, true])
      for (const concurrency of [1, 16, 256])
        reports.push(told(await contest(contenders, { stream, concurrency, upstream, rounds })));
    return reports;
  } finally {
    ours?.stop();
    theirs?.stop();
    remove();
  }
}

function contendersOf(ours: ServerProcess, theirs: ServerProcess): readonly Contender[] {
  const bodyOf = (stream: boolean) => JSON.stringify({ ...chatRequest, ...(stream ? { stream: true } : {}) });
  const withConfig = (base: string) => (stream: boolean, upstream: string) => ({
    base,
    headers: { 'x-portkey-config': JSON.stringify(targetOf(upstream)) },
    body: bodyOf(stream),
  });
  return [
    {
      name: 'straight to the provider',
      aim: (stream, upstream) => ({ base: upstream, headers: {}, body: bodyOf(stream) }),
    },
    {
      name: 'modelmux serve, config of its own',
      server: ours,
      aim: (stream) => ({ base: ours.base, headers: {}, body: bodyOf(stream) }),
    },
    { name: 'modelmux serve, config in a header', server: ours, aim: withConfig(ours.base) },
    { name: 'Portkey gateway, config in a header', server: theirs, aim: withConfig(theirs.base) },
  ];
}

interface Round extends LoadResult {
  readonly cpuUs: number;
}

interface Setting {
  readonly stream: boolean;
  readonly concurrency: number;
  readonly upstream: string;
  readonly rounds: number;
}

async function contest(
  contenders: readonly Contender[],
  { stream, concurrency, upstream, rounds }: Setting,
): Promise<Report> {
  const all = contenders.map((contender) => ({ contender, agent: keptAgent(), rounds: [] as Round[] }));
  for (let turn = -2; turn < rounds; turn++) {
    for (const { contender, agent, rounds: taken } of all) {
      const round = await run(contender, contender.aim(stream, upstream), { concurrency, agent });
      if (turn >= 0) taken.push(round);
    }
  }
  for (const { agent } of all) agent.destroy();
  const [direct = [], ...others] = all.map((each) => each.rounds);
  const last = others.at(-1) ?? [];
  return {
    title: `Server: ${stream ? 'a stream of 300 chunks' : 'a plain call'}, ${concurrency} at a time (${rounds} rounds)`,
    columns: [
      '',
      'requests/s',
      'server CPU, us/request',
      'CPU of the last over this',
      'added p50, ms',
      'added p99, ms',
      'added p50 over the last',
      'failed',
    ],
    rows: all.map(({ contender: { name, server: process }, rounds: own }) => [
      name,
      spread(
        own.map(({ count, wallMs }) => (count * 1000) / wallMs),
        0,
      ),
      process === undefined ? '-' : spread(own.map(cpuEach), 0),
      process === undefined
        ? '-'
        : spread(
            own.map((round, index) => cpuEach(last[index] ?? round) / cpuEach(round)),
            2,
          ),
      process === undefined ? '-' : spread(added(own, direct, 0.5), 2),
      process === undefined ? '-' : spread(added(own, direct, 0.99), 2),
      process === undefined ? '-' : (median(added(own, direct, 0.5)) / median(added(last, direct, 0.5))).toFixed(2),
      String(own.reduce((sum, { failed }) => sum + failed, 0)),
    ]),
  };
}

async function run(
  { server: process }: Contender,
  aim: Aim,
  { concurrency, agent }: { readonly concurrency: number; readonly agent: Agent },
): Promise<Round> {
  const before = process?.cpuUs() ?? 0;
  const result = await load(aim, concurrency, roundMs, agent);
  return { ...result, cpuUs: (process?.cpuUs() ?? 0) - before };
}

const cpuEach = ({ cpuUs, count }: Round) => cpuUs / count;

/** A long run may be broken off. */
function told(report: Report): Report {
  console.error(toMarkdown(report));
  return report;
}

/** Beyond the provider's own latency in the same round, in ms. */
function added(own: readonly Round[], direct: readonly Round[], part: number): readonly number[] {
  return own.map(
    (round, index) => percentile(round.latenciesMs, part) - percentile(direct[index]?.latenciesMs ?? [], part),
  );
}
