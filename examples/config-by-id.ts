// Configs by ID, here from a folder of files: an edit reaches the running client, a broken edit does not.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Portkey } from 'modelmux';
import { simulated } from './lib/simulated.ts';

const { simulator, virtualKeys } = await simulated();
const folder = await mkdtemp(join(tmpdir(), 'configs-'));
await writeFile(join(folder, 'pc-main.yaml'), 'virtual_key: openai-prod\n');

const portkey = new Portkey({ virtualKeys, configs: { folder }, config: 'pc-main' });
const reload = () => new Promise((resolve) => portkey.on('warning', resolve));
const ask = async () => {
  const reply = await portkey.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'Hi.' }] });
  return reply.getHeaders().provider;
};
console.log('pc-main answers from', await ask());

await writeFile(join(folder, 'pc-main.yaml'), 'virtual_key: azure-prod\n');
while ((await ask()) !== 'azure-openai') await new Promise((resolve) => setTimeout(resolve, 50));
console.log('after the edit from', await ask());

const warned = reload();
await writeFile(join(folder, 'pc-main.yaml'), 'virtualkey: openai-prod\n  broken');
console.log('broken edit:', ((await warned) as { message: string }).message);
console.log('still from', await ask());
await rm(folder, { recursive: true });
await simulator.stop();
process.exit();
