// Targets are asked now and then, traffic or not: one that is down is left out before a call meets it, and is back when it answers again.
import { Portkey } from 'modelmux';
import { simulated } from './lib/simulated.ts';

const { simulator, virtualKeys } = await simulated();
simulator.behave('openai', { outage: true });
await using portkey = new Portkey({
  virtualKeys,
  config: {
    strategy: { mode: 'fallback' },
    targets: [
      { virtual_key: 'openai-prod', health_check: { interval: 1, unhealthy_after: 1 } },
      { virtual_key: 'anthropic-prod', override_params: { model: 'claude-3-haiku' } },
    ],
  },
});
const told = (name: 'target-open' | 'target-close') =>
  new Promise<void>((resolve) => portkey.on(name, () => resolve()));
const [down, up] = [told('target-open'), told('target-close')];

async function ask(): Promise<void> {
  const messages = [{ role: 'user' as const, content: 'Hi' }];
  const { attempts } = await portkey.chat.completions.create({ model: 'gpt-4o', messages });
  console.log(attempts.map(({ provider, outcome }) => `${provider} ${outcome}`).join(', '));
}

await down;
await ask();
simulator.behave('openai', {});
await up;
await ask();
await simulator.stop();
