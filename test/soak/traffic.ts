import { type Seeded, seeded } from '../simulation/seeded.ts';
import type { Instance } from './instance.ts';

/** What came of all requests. */
export interface TrafficReport {
  sent: number;
  answered: number;
  /** Left by the caller, before or in the middle of an answer. */
  aborted: number;
  /** In flight on an instance when it was killed. */
  killed: number;
  /** Everything else that was not answered well. There should be none. */
  readonly lost: string[];
}

/** Callers that ask one question after the other until they are told to stop. */
export function startTraffic(instances: readonly Instance[], callers: number, seed: number) {
  const report: TrafficReport = { sent: 0, answered: 0, aborted: 0, killed: 0, lost: [] };
  let isOver = false;
  const call = async (index: number) => {
    const chance = seeded(seed + index);
    while (!isOver) await askOnce(instances, chance, report);
  };
  const all = Promise.all(Array.from({ length: callers }, (_, index) => call(index)));
  return {
    report,
    async stop() {
      isOver = true;
      await all;
    },
  };
}

async function askOnce(instances: readonly Instance[], chance: Seeded, report: TrafficReport): Promise<void> {
  const up = instances.filter(({ isUp }) => isUp);
  const server = chance.pick(up);
  const { generation } = server;
  const question = `q${++report.sent}`;
  const stream = chance.chance(0.5);
  const leaver = new AbortController();
  const leaves = chance.chance(0.15);
  const timer = leaves ? setTimeout(() => leaver.abort(), chance.exponential(30)) : undefined;
  const judge = (isWell: boolean, what: string) => {
    if (isWell) report.answered++;
    else if (leaver.signal.aborted) report.aborted++;
    else if (server.generation !== generation || !server.isUp) report.killed++;
    else report.lost.push(what);
  };
  try {
    const response = await fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'm', stream, max_tokens: 10, messages: [{ role: 'user', content: question }] }),
      signal: leaver.signal,
    });
    const text = await response.text();
    const isWhole = text.includes(`echo ${question}"`) && (!stream || text.trimEnd().endsWith('data: [DONE]'));
    judge(response.ok && isWhole, `${response.status} ${text.slice(-300)}`);
  } catch (error) {
    judge(false, String((error as Error).cause ?? error));
  } finally {
    clearTimeout(timer);
  }
}
