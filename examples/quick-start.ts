// One provider, one call, with the OpenAI signature.
import { Portkey } from 'modelmux';
import { simulated } from './lib/simulated.ts';

const { simulator, virtualKeys } = await simulated();
const portkey = new Portkey({ virtualKeys, virtualKey: 'openai-prod' });

const reply = await portkey.chat.completions.create({
  model: 'gpt-4o-mini',
  messages: [{ role: 'user', content: 'Say hello.' }],
});
console.log(reply.choices[0]?.message.content);
console.log(reply.getHeaders());
await simulator.stop();
