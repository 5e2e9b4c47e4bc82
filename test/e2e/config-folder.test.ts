import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Portkey } from '../../src/index.ts';
import { until } from '../providers/transport/servers.ts';
import { hello, simulated } from '../support/simulated.ts';

const simulator = simulated();
const openai = (name: string) => ({ ...simulator.target(name), provider: 'openai' });

async function folderOf(files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelmux-configs-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) await write(folder, name, content);
  return folder;
}

function write(folder: string, name: string, content: unknown): Promise<void> {
  return writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
}

/** Calls until `name` answers. */
async function untilAnsweredBy(portkey: Portkey, name: string): Promise<void> {
  for (;;) {
    await portkey.chat.completions.create(hello);
    if (simulator.called().at(-1) === name) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

it('follows an edited file, and keeps its last good version through a broken edit', async () => {
  const folder = await folderOf({ 'pc-main.json': openai('a') });
  const warnings: string[] = [];
  const portkey = simulator.client('pc-main', { configs: { folder } });
  portkey.on('warning', ({ code, message }) => warnings.push(`${code}: ${message}`));
  await untilAnsweredBy(portkey, 'a');
  await write(folder, 'pc-main.json', openai('b'));
  await untilAnsweredBy(portkey, 'b');
  await write(folder, 'pc-main.json', { ...openai('c'), wieght: 1 });
  await until(() => warnings.length > 0);
  expect(warnings[0]).toMatch(
    /^config_reload: Config file pc-main.json .*Did you mean "weight"\?.*The last good version/,
  );
  expect(warnings[0]).not.toContain('key-of-c');
  await untilAnsweredBy(portkey, 'b');
  await write(folder, 'pc-main.json', openai('c'));
  await untilAnsweredBy(portkey, 'c');
});

it('reads YAML, and configs that refer to each other', async () => {
  const folder = await folderOf({
    'pc-main.yaml': 'strategy: { mode: fallback }\ntargets:\n  - ref: pc-a\n  - ref: pc-b\n',
    'pc-a.json': openai('a'),
    'pc-b.json': openai('b'),
  });
  simulator.behave('a', { status: 500 });
  await simulator.client('pc-main', { configs: { folder } }).chat.completions.create(hello);
  expect(simulator.called()).toEqual(['a', 'b']);
});

it('names the nearest ID for an unknown one', async () => {
  const folder = await folderOf({ 'pc-main.json': openai('a') });
  const portkey = simulator.client('pc-mian', { configs: { folder } });
  await expect(portkey.chat.completions.create(hello)).rejects.toThrow(
    'Config "pc-mian" does not exist. Did you mean "pc-main"?',
  );
});

it('rejects calls when the folder cannot be read', async () => {
  const portkey = simulator.client('pc-main', { configs: { folder: '/nowhere/at-all' } });
  await expect(portkey.chat.completions.create(hello)).rejects.toThrow(
    '/nowhere/at-all cannot be read as a folder: ENOENT',
  );
});

it('does not keep the process running', async () => {
  const folder = await folderOf({ 'pc-main.json': openai('a') });
  const script = `
    import { Portkey } from ${JSON.stringify(join(import.meta.dirname, '../../src/index.ts'))};
    const portkey = new Portkey({ config: 'pc-main', configs: { folder: ${JSON.stringify(folder)} } });
    await portkey.models.list();
    console.log('listed');
  `;
  const { status, stdout, signal } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    timeout: 100_000,
    encoding: 'utf8',
  });
  expect({ status, stdout, signal }).toEqual({ status: 0, stdout: 'listed\n', signal: null });
});
