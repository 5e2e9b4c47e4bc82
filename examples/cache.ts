// Equal requests are answered once: also at the same time, also as streams, also when a fallback gave the answer.
import { Portkey } from 'modelmux';
import { simulated } from './lib/simulated.ts';

const { simulator, virtualKeys } = await simulated();
simulator.behave('azure-openai', { outage: true });
const portkey = new Portkey({
  virtualKeys,
  config: {
    cache: { mode: 'simple', max_age: 60 },
    strategy: { mode: 'fallback' },
    targets: [{ virtual_key: 'azure-prod' }, { virtual_key: 'openai-prod' }],
  },
});
const body = { model: 'gpt-4o-mini', messages: [{ role: 'user' as const, content: 'Say hello.' }] };
const ask = async (says: string, params = {}) => {
  const reply = await portkey.chat.completions.create(body, params);
  const { 'cache-status': status, provider } = reply.getHeaders();
  console.log(`${says.padEnd(22)} ${status?.padEnd(8)} ${provider}, ${reply.attempts.length} attempts`);
};

await ask('first');
await ask('the same again');
await ask('forced to be fresh', { cacheForceRefresh: true });
await ask('another namespace', { cacheNamespace: 'tenant-2' });
await Promise.all(Array.from({ length: 5 }, () => ask('five at the same time', { cacheNamespace: 'tenant-3' })));
for (let i = 0; i < 2; i++) {
  const stream = await portkey.chat.completions.create({ ...body, stream: true });
  let chunks = 0;
  for await (const _chunk of stream) chunks++;
  console.log(`a stream               ${stream.getHeaders()['cache-status']?.padEnd(8)} ${chunks} chunks`);
}
await simulator.stop();
