import { expect, it } from 'vitest';
import { manualClock } from '../support/manual-clock.ts';
import { served } from '../support/served.ts';
import { simulated } from '../support/simulated.ts';

const simulator = simulated();

it("a job that waits for a limit is as urgent as it was submitted, unless its headers say otherwise; else as the server's calls are", async () => {
  const clock = manualClock();
  const server = await served({
    clock,
    priority: 5,
    config: simulator.target('openai', {
      rate_limit: [{ requests: 1, per: '1s' }],
      queue: { max_wait: 60, aging: 0 },
    }),
  });
  const submit = async (user: string, priority?: number, headers: Readonly<Record<string, string>> = {}) => {
    const messages = [{ role: 'user', content: 'Hi' }];
    const { status } = await fetch(`${server.url}/queue/request`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ model: 'gpt-4o', messages, user, priority }),
    });
    expect(status).toBe(200);
  };
  const users = () => simulator.bodies('openai').map(({ user }) => user);
  await submit('first', 500);
  await expect.poll(users).toEqual(['first']);

  await submit('last', 900);
  await submit('plain');
  await submit('urgent', 3);
  await submit('header', 900, { 'x-portkey-priority': '1' });
  await submit('zero', 0);
  await expect.poll(() => server.state()[0]?.waiting).toBe(5);
  for (let calls = 2; calls <= 6; calls++) {
    clock.advance(1_000);
    await expect.poll(() => users().length).toBe(calls);
  }
  expect(users()).toEqual(['first', 'zero', 'header', 'urgent', 'plain', 'last']);
});
