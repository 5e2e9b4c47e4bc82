import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { finished, start } from './cli.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelmux-serve-files-'));
  await mkdir(join(folder, 'configs'));
  await writeFile(join(folder, 'configs', 'pc-main.json'), '{"provider": "openai"}');
  await writeFile(join(folder, 'damaged.vault'), 'no vault');
});
afterAll(() => rm(folder, { recursive: true }));

const passphrase = { MODELMUX_VAULT_PASSPHRASE: 'secret' };

it.each([
  ['--data', 'none/data.json', 'There is no folder IN/none.'],
  ['--data', 'configs', 'IN/configs is a folder, not a file.'],
  ['--data', 'damaged.vault/data.json', 'IN/damaged.vault is not a folder.'],
  ['--logs', 'none/logs.db', 'There is no folder IN/none.'],
  ['--configs', 'none', 'There is no folder IN/none.'],
  ['--configs', 'damaged.vault', 'IN/damaged.vault is not a folder.'],
  ['--vault', 'damaged.vault', 'Vault file IN/damaged.vault: wrong passphrase or damaged file'],
])('refuses %s %s at the start, not at the first request', async (option, name, said) => {
  const { code, err, out } = await finished(['serve', '--port', '0', option, join(folder, name)], { env: passphrase });
  expect(code).toBe(1);
  expect(err).toContain(`The server cannot start:\n  ${option}: ${said.replaceAll('IN', folder)}`);
  expect(out).toBe('');
});

it('lists everything wrong with its files at once', async () => {
  const argv = ['--data', join(folder, 'a/b'), '--configs', join(folder, 'c'), '--vault', join(folder, 'd')];
  const { err } = await finished(['serve', '--port', '0', ...argv]);
  expect(err).toMatch(/--configs: .*--data: .*--vault: A vault file needs a passphrase/s);
});

it('only warns of what may still come: a vault, and the default config', async () => {
  const argv = ['--vault', join(folder, 'new.vault'), '--configs', join(folder, 'configs'), '--config', 'pc-mian'];
  const program = start(['serve', '--port', '0', ...argv], { env: passphrase });
  onTestFinished(async () => {
    program.stop();
    await program.code;
  });
  await expect.poll(() => program.out()).toContain('listens on');
  expect(program.err()).toBe(
    [
      `warning: There is no vault file ${join(folder, 'new.vault')} yet. The first virtual key that is made over the admin calls makes it.`,
      `warning: There is no config "pc-mian" in ${join(folder, 'configs')} yet: until there is, requests that name no other fail.`,
      '',
    ].join('\n'),
  );
});
