// One gateway for every client: served over HTTP, asked by a plain fetch as any OpenAI client would.
import { serve } from 'modelmux/server';
import { startSimulator } from 'modelmux/simulator';

const simulator = await startSimulator({
  providers: { openai: { outage: true }, groq: { text: 'Hello from the second target.' } },
});

const target = (provider: string) => ({ provider, api_key: 'any', custom_host: simulator.baseUrl(provider) });
const server = await serve({
  port: 0,
  keys: ['key-of-a-client'],
  config: { strategy: { mode: 'fallback' }, targets: [target('openai'), target('groq')] },
  onRequest: ({ method, path, status, provider }) => console.log(`${method} ${path} ${status} ${provider}`),
});

const response = await fetch(`${server.url}/v1/chat/completions`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: 'Bearer key-of-a-client' },
  body: JSON.stringify({ model: 'llama-3', messages: [{ role: 'user', content: 'Hello' }] }),
});
const { choices } = await response.json();
console.log(choices[0].message.content, `(${response.headers.get('x-portkey-last-used-option-index')})`);

const refused = await fetch(`${server.url}/v1/models`);
console.log(`without a key: ${refused.status}`);

await server.close({ drainMs: 1000 });
await simulator.stop();
