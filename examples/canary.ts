// Canary testing: 10 % of the calls go to a new model. The split is exact, not just on average.
import { Portkey } from 'modelmux';
import { simulated } from './lib/simulated.ts';

const { simulator, virtualKeys } = await simulated();
const portkey = new Portkey({
  virtualKeys,
  config: {
    strategy: { mode: 'loadbalance' },
    targets: [
      { virtual_key: 'openai-prod', weight: 0.9 },
      { virtual_key: 'anyscale-prod', weight: 0.1, override_params: { model: 'meta-llama/Llama-2-70b-chat-hf' } },
    ],
  },
});

const counts: Record<string, number> = {};
for (let i = 0; i < 200; i++) {
  const reply = await portkey.chat.completions.create(
    { model: 'gpt-3.5-turbo', messages: [{ role: 'user', content: 'What are 7 wonders in the world?' }] },
    { traceID: 'canary-testing' },
  );
  counts[reply.model] = (counts[reply.model] ?? 0) + 1;
}
console.log('of 200 calls:', counts);
await simulator.stop();
