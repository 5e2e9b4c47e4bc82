// Questions that mean the same are answered once: texts are compared by embeddings, everything else must be equal.
import { Portkey } from 'modelmux';
import { simulated } from './lib/simulated.ts';
import { wordEmbeddings } from './lib/word-embeddings.ts';

const { simulator, virtualKeys } = await simulated();
const embeddings = await wordEmbeddings();
const portkey = new Portkey({
  virtualKeys,
  config: {
    cache: {
      mode: 'semantic',
      threshold: 0.9,
      // Any target can make them: { virtual_key: 'openai-prod', model: 'text-embedding-3-small' }.
      embedding: { provider: 'openai', api_key: 'none', custom_host: embeddings.url, model: 'words' },
    },
    strategy: { mode: 'fallback' },
    targets: [{ virtual_key: 'openai-prod' }, { virtual_key: 'azure-prod' }],
  },
});

async function ask(question: string, system = 'Be brief.') {
  const messages = [
    { role: 'system' as const, content: system },
    { role: 'user' as const, content: question },
  ];
  const reply = await portkey.chat.completions.create({ model: 'gpt-4o', messages });
  console.log(`${reply.getHeaders()['cache-status']?.padEnd(13)} ${reply.attempts.length} attempts  ${question}`);
}

await ask('What is the capital of France?');
await ask('The capital of France is what?');
await ask('What is the capital of France?');
await ask('What is the capital of Norway?');
await ask('What is the capital of France?', 'Be kind.');
console.log(`${embeddings.calls()} embeddings, ${simulator.requests('openai').length} chat calls`);
embeddings.stop();
await simulator.stop();
