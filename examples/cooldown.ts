// A target that fails is taken out of use for a while: the calls after go straight to the other one, then a single probe decides.
import { Portkey } from 'modelmux';
import { simulated } from './lib/simulated.ts';

const { simulator, virtualKeys } = await simulated();
const portkey = new Portkey({
  virtualKeys,
  config: {
    strategy: { mode: 'fallback' },
    cooldown: { allowed_fails: 1, time: 3 },
    targets: [
      { id: 'first', virtual_key: 'openai-prod', override_params: { model: 'gpt-4o' } },
      { id: 'second', virtual_key: 'anyscale-prod', override_params: { model: 'meta-llama/Llama-2-70b-chat-hf' } },
    ],
  },
});
portkey.on('target-open', ({ target, error }) => console.log(`  ${target.targetId} cools down after ${error.message}`));
portkey.on('target-close', ({ target }) => console.log(`  ${target.targetId} is back`));

async function ask() {
  const reply = await portkey.chat.completions.create({
    model: 'any',
    messages: [{ role: 'user', content: 'What are 7 wonders in the world?' }],
  });
  console.log('answered by', reply.model);
}

simulator.behave('openai', { outage: true });
for (let i = 0; i < 4; i++) await ask();
console.table(portkey.state().map(({ id, health, inFlight, fails }) => ({ id, health, inFlight, fails })));
simulator.behave('openai', {});
await new Promise((resolve) => setTimeout(resolve, 3050));
await ask();
await simulator.stop();
