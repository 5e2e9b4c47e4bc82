// Two processes share one key's limit through Redis. When Redis is gone, each goes by its own, and nothing fails because of it.
import { Portkey } from 'modelmux';
import { redis } from 'modelmux/redis';
import { localRedis } from './lib/local-redis.ts';
import { simulated } from './lib/simulated.ts';

const { simulator, virtualKeys } = await simulated();
const server = await localRedis();
// Or a client of your own: redis(new Redis(…)), redis(new Cluster(…)), redis(createClient(…)). Patient here, on a machine that may be busy: the default is 5 ms.
const connect = (url: string) => redis(url, { timeoutMs: 1000 });
const connections = server === undefined ? [] : [connect(server.url), connect(server.url)];
const [one, other] = [0, 1].map((process) => {
  const shared = connections[process];
  const config = { virtual_key: 'openai-prod', rate_limit: { requests: 6, per: '1m' } };
  return new Portkey({ virtualKeys, config, ...(shared === undefined ? {} : { shared }) });
});
one?.on('warning', ({ message }) => console.log(`one  : ${message}`));

async function ask(name: string, portkey: Portkey | undefined) {
  const messages = [{ role: 'user' as const, content: 'Hello.' }];
  const answer = portkey?.chat.completions.create({ model: 'gpt-4o', messages });
  await answer?.then(
    () => console.log(`${name}: answered`),
    (error: Error) => console.log(`${name}: ${error.message}`),
  );
}

for (let call = 0; call < 4; call++) {
  await ask('one  ', one);
  await ask('other', other);
}
if (server !== undefined) console.log('Redis is killed.');
server?.kill();
// What was used up a moment ago counts for a second more.
await new Promise((resolve) => setTimeout(resolve, 1100));
await ask('one  ', one);
await new Promise((resolve) => setTimeout(resolve, 500));
for (const connection of connections) await connection.close();
await simulator.stop();
