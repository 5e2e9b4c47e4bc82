import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { hello, simulated } from '../support/simulated.ts';

const simulator = simulated();
let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 300_000);
afterAll(() => server?.stop());

it('keeps records of several clients in one database', async () => {
  const logs = { postgres: server.freshUrl() };
  const clients = [0, 1].map(() => simulator.client(simulator.target('openai'), { logs }));
  for (const [index, client] of clients.entries())
    await client.chat.completions.create(hello, { traceID: `t${index}` });
  await Promise.all(clients.map((client) => client.flush()));
  expect((await clients[0]?.logs.list())?.data.map(({ traceId }) => traceId)).toEqual(['t1', 't0']);
});

it('answers calls while the database hangs, and has their records when it goes on', async () => {
  const portkey = simulator.client(simulator.target('openai'), { logs: { postgres: server.freshUrl() } });
  await portkey.chat.completions.create(hello);
  await portkey.flush();
  server.pause();
  for (let i = 0; i < 20; i++) await portkey.chat.completions.create(hello, { traceID: 'meanwhile' });
  server.resume();
  expect((await portkey.logs.list({ traceId: 'meanwhile' })).data).toHaveLength(20);
});
