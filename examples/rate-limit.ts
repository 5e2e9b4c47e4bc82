// Limits are kept before anything is sent: two calls a second with one key, three with another; what fits neither is refused with a time.
import { CapacityError, Portkey } from 'modelmux';
import { startSimulator } from 'modelmux/simulator';

const simulator = await startSimulator();
const portkey = new Portkey({
  environment: {},
  config: {
    provider: 'openai',
    custom_host: simulator.baseUrl('openai'),
    api_keys: [
      { key: 'sk-one', rate_limit: { requests: 2, per: '1m' } },
      {
        key: 'sk-two',
        rate_limit: [
          { requests: 3, per: '1m' },
          { tokens: 10_000, per: '1m' },
        ],
      },
    ],
  },
});

const body = { model: 'gpt-4o-mini', messages: [{ role: 'user' as const, content: 'Hi' }], max_tokens: 20 };
const outcomes = await Promise.allSettled(Array.from({ length: 7 }, () => portkey.chat.completions.create(body)));

console.log('answered:', outcomes.filter(({ status }) => status === 'fulfilled').length);
const keys = simulator.requests().map(({ key }) => key);
console.log('sent:', keys.sort().join(' '));
for (const outcome of outcomes) {
  if (outcome.status === 'fulfilled' || !(outcome.reason instanceof CapacityError)) continue;
  const { status, code, headers } = outcome.reason;
  console.log(`refused: ${status} ${code}, retry-after ${headers['retry-after']}`);
}
console.table(portkey.state().map(({ limits }) => limits?.[0]));
await simulator.stop();
