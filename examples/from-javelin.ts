// Javelin's routes as configs: load shaping by weight, and ten keys of ten calls a second that carry a hundred a second.
import { Portkey } from 'modelmux';
import { fromJavelin } from 'modelmux/import';
import { startSimulator } from 'modelmux/simulator';

const simulator = await startSimulator();
simulator.behave('openai', { rateLimit: { requests: 10, perMs: 1000 } });

const shaping = { name: 'gpt-4-32k', provider: 'anthropic', suffix: '/chat/completions' };
const { configs, warnings } = fromJavelin({
  routes: [
    { name: 'eng_dept', models: [{ model: { ...shaping, weight: 0.7 } }, { model: { ...shaping, weight: 0.3 } }] },
    {
      name: 'harvest',
      models: [{ name: 'gpt-4', provider: 'openai', config: { rate_limit: 10 } }],
      config: { archive: true },
    },
  ],
  providers: ['openai', 'anthropic'].map((name) => ({ name, config: { api_base: simulator.baseUrl(name) } })),
  secrets: [
    { provider_name: 'anthropic', api_key_secret_key: 'simulated' },
    ...Array.from({ length: 10 }, (_, index) => ({ provider_name: 'openai', api_key_secret_key: `key-${index}` })),
  ],
});
for (const { path, message } of warnings) console.log(`${path}: ${message}`);

const portkey = new Portkey({ configs, environment: {} });
const messages = [{ role: 'user' as const, content: 'Hi' }];
const ask = (config: string) => portkey.chat.completions.create({ model: 'any', messages, max_tokens: 5 }, { config });

const shares: Record<string, number> = {};
for (let call = 0; call < 10; call++) {
  const target = (await ask('eng_dept')).getHeaders()?.['last-used-option-index'] ?? '';
  shares[target] = (shares[target] ?? 0) + 1;
}
console.log('eng_dept', Object.fromEntries(Object.entries(shares).sort()));
await Promise.all(Array.from({ length: 100 }, () => ask('harvest')));
const keys = Map.groupBy(simulator.requests('openai'), ({ key }) => key);
console.log('harvest: calls per key', [...keys.values()].map((calls) => calls.length).join(' '));
await simulator.stop();
