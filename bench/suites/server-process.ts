import { startGatewayProcess } from '../gateway.ts';
import { type Servers, spread } from '../harness.ts';
import { keptAgent, load, openStreams } from '../load.ts';
import { median } from '../measurement.ts';
import { chatRequest } from '../payloads.ts';
import type { Report } from '../report.ts';
import { oursFor, targetOf } from '../serve.ts';
import type { ServerProcess } from '../server-process.ts';

const starts = 3;
const openAtOnce = 1000;

/** What a server takes beside calls: its start, and the memory of streams that are open. Every figure is of a fresh process. */
export async function serverProcess({ addresses: { upstream } }: Servers): Promise<readonly Report[]> {
  const ours = oursFor(upstream);
  const headers = { 'x-portkey-config': JSON.stringify(targetOf(upstream)) };
  const servers = [
    { name: 'modelmux serve', start: ours.start, headers: {} },
    { name: 'Portkey gateway', start: startGatewayProcess, headers },
  ];
  const taken = servers.map((server) => ({
    server,
    startMs: [] as number[],
    before: [] as number[],
    each: [] as number[],
  }));
  for (let turn = 0; turn < starts; turn++) {
    for (const { server, ...figures } of taken) {
      const started = await server.start();
      if (started === undefined) continue;
      figures.startMs.push(started.startMs);
      const { before, each } = await memoryOf(started, server.headers);
      figures.before.push(before / 2 ** 20);
      figures.each.push(each / 1024);
      started.stop();
    }
  }
  ours.remove();
  return [
    {
      title: `Server: start, and memory with ${openAtOnce} streams open (${starts} of each)`,
      columns: [
        '',
        'to the first healthy answer, ms',
        'memory after half a second of streams, MiB',
        'and for each open stream, KiB',
      ],
      rows: taken.map(({ server, startMs, before, each }) => [
        server.name,
        spread(startMs, 0),
        spread(before, 0),
        median(each).toFixed(1),
      ]),
    },
  ];
}

async function memoryOf({ base, memory }: ServerProcess, headers: Readonly<Record<string, string>>) {
  const agent = keptAgent();
  const body = (more: object) => JSON.stringify({ ...chatRequest, ...more });
  await load({ base, headers, body: body({ stream: true }) }, 4, 500, agent);
  const before = memory() ?? Number.NaN;
  const close = await openStreams({ base, headers, body: body({ stream: true, user: 'hold' }) }, openAtOnce, agent);
  const during = memory() ?? Number.NaN;
  close();
  agent.destroy();
  return { before, each: (during - before) / openAtOnce };
}
