// 70/30 between an Azure OpenAI deployment and OpenAI, in Portkey's legacy form: it is accepted wherever a config is.
import { Portkey } from 'modelmux';
import { simulated } from './lib/simulated.ts';

const { simulator, virtualKeys } = await simulated();
const portkey = new Portkey({
  virtualKeys,
  config: {
    mode: 'loadbalance',
    options: [
      {
        provider: 'azure-openai',
        apiKey: 'simulated-azure',
        resourceName: 'my-resource',
        deploymentId: 'gpt-35',
        apiVersion: '2024-10-21',
        customHost: simulator.baseUrl('azure-openai'),
        weight: 0.7,
      },
      { provider: 'openai', apiKey: 'simulated-openai', customHost: simulator.baseUrl('openai'), weight: 0.3 },
    ],
  },
});

const counts: Record<string, number> = {};
for (let i = 0; i < 100; i++) {
  const reply = await portkey.chat.completions.create({
    model: 'gpt-3.5-turbo',
    messages: [{ role: 'user', content: 'What are the top 10 happiest countries in the world?' }],
    max_tokens: 50,
    user: 'jbu3470',
  });
  const provider = reply.getHeaders().provider ?? '';
  counts[provider] = (counts[provider] ?? 0) + 1;
}
console.log('of 100 calls:', counts);
await simulator.stop();
