// One of several processes whose users are to meet the same targets. Says `ready`, waits for `go`, tells who was answered by whom, and ends.
import { Redis } from 'ioredis';
import { Portkey } from '../../src/index.ts';
import { redis } from '../../src/stores/redis/index.ts';

/** What came of it: user and target, call by call. */
export type AffinityReport = readonly (readonly [user: string, target: string])[];

const [, , redisUrl = '', kind = ''] = process.argv;
const client = new Redis(redisUrl);
const answered: [string, string][] = [];
const limit = kind === 'limited' ? { rate_limit: { requests: 10_000, per: '1s' } } : {};
const portkey = new Portkey({
  environment: {},
  config: {
    strategy: { mode: 'loadbalance', algorithm: 'random' },
    affinity: { by: 'user', ttl: 600 },
    targets: ['a', 'b', 'c', 'd', 'e'].map((id) => ({
      id,
      provider: 'openai',
      api_key: 'k',
      custom_host: `http://${id}.test/v1`,
      ...limit,
    })),
  },
  // On a busy machine an answer may take longer than the 5 ms of the default.
  shared: redis(client, { timeoutMs: 30_000 }),
  fetch: async (url, init) => {
    const { user } = JSON.parse(String(init?.body));
    answered.push([user, new URL(String(url)).hostname.replace('.test', '')]);
    return Response.json({ id: '1', object: 'chat.completion', created: 1, model: 'm', choices: [] });
  },
});
process.on('message', async () => {
  const users = Array.from({ length: 40 }, (_, index) => `user-${index}`);
  for (let round = 0; round < 3; round++) {
    // With eight in flight no target is too busy for its users.
    for (let from = 0; from < users.length; from += 8) {
      const some = users.slice(from, from + 8);
      await Promise.all(some.map((user) => portkey.chat.completions.create({ model: 'm', messages: [], user })));
    }
  }
  process.send?.(answered satisfies AffinityReport, () => process.exit());
});
if (client.status !== 'ready') await new Promise((resolve) => client.once('ready', resolve));
process.send?.('ready');
