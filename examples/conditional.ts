// Conditional routing: who pays gets the bigger model.
import { Portkey } from 'modelmux';
import { simulated } from './lib/simulated.ts';

const { simulator, virtualKeys } = await simulated();
const portkey = new Portkey({
  virtualKeys,
  config: {
    strategy: {
      mode: 'conditional',
      conditions: [
        { query: { 'metadata.plan': { $eq: 'paid' } }, then: 'big' },
        { query: { 'params.max_tokens': { $gt: 1000 } }, then: 'big' },
      ],
      default: 'small',
    },
    targets: [
      { name: 'big', virtual_key: 'anthropic-prod', override_params: { model: 'claude-3-opus-20240229' } },
      { name: 'small', virtual_key: 'openai-prod', override_params: { model: 'gpt-4o-mini' } },
    ],
  },
});

const messages = [{ role: 'user' as const, content: 'Hi.' }];
for (const [plan, max_tokens] of [
  ['free', 10],
  ['paid', 10],
  ['free', 2000],
] as const) {
  const reply = await portkey.chat.completions.create({ model: 'any', messages, max_tokens }, { metadata: { plan } });
  console.log(`plan ${plan}, max_tokens ${max_tokens}: ${reply.model}`);
}
await simulator.stop();
