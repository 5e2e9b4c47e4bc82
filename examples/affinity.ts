// Requests of one user stay with the target that answered first, so that its prompt cache is warm; while it cools they go elsewhere.
import { Portkey } from 'modelmux';
import { simulated } from './lib/simulated.ts';

const { simulator, virtualKeys } = await simulated();
const portkey = new Portkey({
  virtualKeys,
  config: {
    strategy: { mode: 'loadbalance', failover: true },
    affinity: { by: 'user' },
    cooldown: { allowed_fails: 0 },
    targets: [
      { virtual_key: 'openai-prod', override_params: { model: 'gpt-4o' } },
      { virtual_key: 'anthropic-prod', override_params: { model: 'claude-3-haiku' } },
    ],
  },
});

async function ask(user: string): Promise<string> {
  const messages = [{ role: 'user' as const, content: 'Hi' }];
  return (await portkey.chat.completions.create({ model: 'any', messages, user })).attempts.at(-1)?.provider ?? '';
}

const [ada, bob] = [await ask('ada'), await ask('bob')];
console.log('apart:', ada !== bob);
for (let call = 0; call < 5; call++) await ask('ada');
console.log('ada stays:', (await ask('ada')) === ada);
simulator.behave(ada, { outage: true });
console.log('while hers is down:', (await ask('ada')) === bob);
await simulator.stop();
