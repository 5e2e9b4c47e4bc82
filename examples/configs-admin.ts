// Configs and prompts by ID, changed while everything runs: versions, what differs, and the way back.
import { Portkey } from 'modelmux';
import { serve } from 'modelmux/server';
import { simulated } from './lib/simulated.ts';

const { simulator, virtualKeys } = await simulated();
const server = await serve({ port: 0, virtualKeys, environment: {}, adminKey: 'admin', keys: ['client'] });
const baseURL = `${server.url}/v1`;
const admin = new Portkey({ baseURL, apiKey: 'admin' });
const messages = [{ role: 'user' as const, content: 'Hello' }];

const { slug } = await admin.configs.create({ name: 'Main', config: { virtual_key: 'openai-prod' } });
const client = new Portkey({ baseURL, apiKey: 'client', config: slug });
const ask = async () => {
  const reply = await client.chat.completions.create({ model: 'm', messages });
  return reply.getHeaders()['provider'];
};
console.log('made:', await ask());
await admin.configs.update({ slug, config: { virtual_key: 'azure-prod' } });
console.log('changed:', await ask());
console.log('differs:', (await admin.configs.diff({ slug, from: 1 })).data);
await admin.configs
  .update({ slug, config: { virtual_keey: 'azure-prod' } })
  .catch(({ message }) => console.log(message));
await admin.configs.restore({ slug, version: 1 });
console.log('restored:', await ask(), `after ${(await admin.configs.versions({ slug })).total} versions`);

const prompt = await admin.prompts.create({
  name: 'Greet',
  string: [{ role: 'user', content: 'Greet {{name}}.' }],
  model: 'm',
});
await admin.prompts.update(prompt.slug, { string: [{ role: 'user', content: 'Greet {{name}} in Latin.' }] });
await admin.prompts.versions.update(prompt.slug, 2, { label_id: 'production' });
const promptID = `${prompt.slug}@production`;
console.log('prompt:', (await client.prompts.render({ promptID, variables: { name: 'Ada' } })).data['messages']);
await client.prompts.completions.create({ promptID, variables: { name: 'Ada' } });
console.log('sent to', simulator.requests().at(-1)?.provider);
await server.close();
await simulator.stop();
