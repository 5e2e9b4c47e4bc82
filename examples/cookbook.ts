// The cookbook: 50/50 between Anthropic and a fallback OpenAI -> Azure OpenAI, with an outage of OpenAI in the middle.
import { type Config, Portkey } from 'modelmux';
import { printTree } from './lib/print-tree.ts';
import { simulated } from './lib/simulated.ts';

const { simulator, virtualKeys } = await simulated();
const config: Config = {
  strategy: { mode: 'loadbalance' },
  targets: [
    {
      virtual_key: 'anthropic-prod',
      weight: 0.5,
      override_params: { max_tokens: 200, model: 'claude-3-opus-20240229' },
    },
    {
      strategy: { mode: 'fallback' },
      targets: [{ virtual_key: 'openai-prod' }, { virtual_key: 'azure-prod' }],
      weight: 0.5,
    },
  ],
};
const portkey = new Portkey({ config, virtualKeys });
const messages = [
  { role: 'system' as const, content: 'You are a very helpful assistant.' },
  { role: 'user' as const, content: 'What are 7 wonders in the world?' },
];

console.log(`Simulated providers on ${simulator.url}: no real model is asked.\n`);
for (let i = 1; i <= 6; i++) {
  if (i === 3) simulator.behave('openai', { outage: true });
  if (i === 5) simulator.behave('openai', {});
  if (i === 3 || i === 5) console.log(i === 3 ? '--- OpenAI goes down ---\n' : '--- OpenAI is back ---\n');
  const { data, attempts, trace_id } = await portkey.chat.completions
    .create({ messages, model: 'gpt-3.5-turbo' }, { traceID: `request-loadbalance-fallback-${i}` })
    .withResponse();
  console.log(`${trace_id}: ${data.model}, ${data.usage?.total_tokens} tokens`);
  printTree(config, attempts);
  console.log();
}
await simulator.stop();
