// Virtual keys: credentials by name, from a map, a function, the environment, or an encrypted vault file.
import { Portkey } from 'modelmux';
import { simulated } from './lib/simulated.ts';

const { simulator, virtualKeys } = await simulated();
const messages = [{ role: 'user' as const, content: 'Say hello.' }];
const portkey = new Portkey({
  virtualKeys,
  // Asked for what the map does not hold; answers are remembered.
  vault: async (slug) =>
    slug === 'team-b'
      ? { provider: 'openai', api_key: 'simulated-b', custom_host: simulator.baseUrl('openai') }
      : undefined,
});

// Three ways to name one:
await portkey.chat.completions.create({ model: 'gpt-4o-mini', messages }, { virtualKey: 'openai-prod' });
await portkey.chat.completions.create({ model: 'gpt-4o-mini', messages }, { provider: '@team-b' });
await portkey.chat.completions.create({ model: '@anthropic-prod/claude-3-haiku-20240307', messages });
for (const { provider, headers } of simulator.requests()) {
  console.log(provider, headers.authorization ?? headers['x-api-key']);
}

// A key that nobody knows is a typed error with a suggestion.
await portkey.chat.completions
  .create({ model: 'gpt-4o-mini', messages }, { virtualKey: 'openai-prd' })
  .catch((error) => console.log(error.name, error.message));
await simulator.stop();
