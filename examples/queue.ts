// Calls that find no room wait in line, the most urgent first: lower `priority` is more urgent.
import { Portkey } from 'modelmux';
import { simulated } from './lib/simulated.ts';

const { simulator, virtualKeys } = await simulated();
simulator.behave('openai', { latencyMs: 30 });
const portkey = new Portkey({
  virtualKeys,
  config: { virtual_key: 'openai-prod', max_concurrency: 1, queue: { max_wait: 10, default_priority: 5 } },
});

const order: string[] = [];
async function ask(who: string, priority?: number): Promise<void> {
  const body = { model: 'gpt-4o-mini', messages: [{ role: 'user' as const, content: `echo:${who}` }] };
  const reply = await portkey.chat.completions.create(body, { priority });
  order.push(String(reply.choices[0]?.message.content));
}

const calls = [ask('first'), ask('batch', 9), ask('usual'), ask('urgent', 0)];
await Promise.all(calls);
console.log(order.join(', '));
await simulator.stop();
