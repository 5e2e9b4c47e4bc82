import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { Portkey } from '../../src/index.ts';
import { fleet, target } from '../support/fleet.ts';
import { asking, dime, replyUsing } from '../support/priced.ts';

let folder: string;
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelmux-budgets-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
const fresh = () => join(folder, `${++files}.spend`);

const config = target('a', { pricing: dime, budget: { amount: 1, period: 'month' }, on_exhausted: 'reject' });

it('what was spent still counts after a restart: of the target, of the client, of each team', async () => {
  const file = fresh();
  const client = () => {
    const made = fleet(config, {
      budgets: [
        { amount: 5, period: 'year' },
        { by: 'metadata.team', amount: 0.5, period: 'day' },
      ],
      budgetStore: { file },
    });
    made.answers.a = replyUsing(4000);
    return made;
  };
  const first = client();
  expect(await first.ask({ metadata: { team: 'red' } }, {}, asking(4000))).toBe('a');
  expect(await first.ask({ metadata: { team: 'blue' } }, {}, asking(4000))).toBe('a');
  await first.portkey.close();

  const second = client();
  expect(await second.ask({ metadata: { team: 'red' } }, {}, asking(2000))).toMatchObject({
    name: 'BudgetExceededError',
  });
  expect(await second.ask({ metadata: { team: 'green' } }, {}, asking(3000))).toMatchObject({
    name: 'BudgetExceededError',
  });
  expect(await second.ask({ metadata: { team: 'green' } }, {}, asking(2000))).toBe('a');
  expect(second.of('a')?.budgets?.find(({ path }) => path === 'config.budget')?.spentUsd).toBeCloseTo(1.2);
  await second.portkey.close();
});

it('fails calls while what was kept cannot be read, and says why', async () => {
  const file = fresh();
  writeFileSync(file, '{"my":"notes"}');
  const { portkey } = fleet(config, { budgetStore: { file } });
  const body = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }] };
  await expect(portkey.chat.completions.create(body)).rejects.toThrow('does not hold what budgets spent');
  await portkey.close();
});

it('refuses what is no place to keep them', () => {
  const where = (budgetStore: object) => () => new Portkey({ budgetStore: budgetStore as never });
  for (const wrong of [{ file: '' }, { file: 'a', more: 1 }, { folder: 'x' }, {}])
    expect(where(wrong)).toThrow('options.budgetStore: Must be {"file": "…"}, or have the methods');
});

it('of a process that is killed at any moment nothing is lost but its last calls, and the file stays whole', async () => {
  const file = fresh();
  let answered = 0;
  for (let round = 0; round < 4; round++) {
    const child = spawn(process.execPath, [join(import.meta.dirname, '../support/spend-forever.ts'), file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    answered += await killedAfter(child, 20 + 7 * round);
  }
  const client = new Portkey({
    environment: {},
    config: { provider: 'openai', api_key: 'k' },
    budgets: { amount: 1_000_000, period: 'year' },
    budgetStore: { file },
  });
  await expect.poll(() => client.state()[0]?.budgets?.[0]?.spentUsd ?? 0).toBeGreaterThan(0);
  const spent = client.state()[0]?.budgets?.[0]?.spentUsd ?? 0;
  // A call or two of each process may have been booked and not written, or written and not told.
  expect(Math.abs(spent - answered)).toBeLessThanOrEqual(4 * 3);
  await client.close();
});

/** Kills it once it has answered so many calls; how many it told of. */
function killedAfter(child: ChildProcess, calls: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let told = 0;
    let rest = '';
    child.stdout?.on('data', (data) => {
      const lines = (rest + String(data)).split('\n');
      rest = lines.pop() ?? '';
      told = Number(lines.at(-1) ?? told);
      if (told >= calls) child.kill('SIGKILL');
    });
    child.once('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve(told);
      else reject(new Error(`It ended by itself: ${code}.`));
    });
  });
}
