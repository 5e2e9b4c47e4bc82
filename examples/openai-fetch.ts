// The whole tree behind OpenAI's own client: no port, no hop. `fetch` fits any client that takes one.
import { Portkey } from 'modelmux';
import { createFetch } from 'modelmux/fetch';
import OpenAI from 'openai';
import { simulated } from './lib/simulated.ts';

const { simulator, virtualKeys } = await simulated();
const portkey = new Portkey({
  virtualKeys,
  config: {
    strategy: { mode: 'fallback' },
    targets: [
      { virtual_key: 'openai-prod' },
      { virtual_key: 'anthropic-prod', override_params: { model: 'claude-3-haiku-20240307' } },
    ],
  },
});
const openai = new OpenAI({ apiKey: 'unused', fetch: createFetch(portkey) });
const body = { model: 'gpt-4o-mini', messages: [{ role: 'user' as const, content: 'Say hello.' }] };

simulator.behave('openai', { outage: true });
const { data, response } = await openai.chat.completions.create(body).withResponse();
console.log(
  `answered by ${response.headers.get('x-portkey-provider')}:`,
  data.choices[0]?.message.content?.slice(0, 40),
);

simulator.behave('openai', { text: 'Hello from OpenAI.' });
process.stdout.write('streamed: ');
for await (const chunk of await openai.chat.completions.create({ ...body, stream: true }))
  process.stdout.write(chunk.choices[0]?.delta.content ?? '');

simulator.behave('openai', { status: 404 });
simulator.behave('anthropic', { status: 404 });
const error = await openai.chat.completions.create(body).catch((thrown: unknown) => thrown);
if (error instanceof OpenAI.APIError) console.log(`\n${error.constructor.name} ${error.status}`, error.error);
await simulator.stop();
