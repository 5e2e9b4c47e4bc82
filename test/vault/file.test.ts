import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConfigError } from '../../src/core/errors/config-error.ts';
import { openVaultFile, type VaultFileOptions } from '../../src/vault/file.ts';
import { VaultFileError } from '../../src/vault/vault-file-error.ts';
import { type ManualClock, manualClock } from '../support/manual-clock.ts';
import { type EventLog, eventLog } from './event-log.ts';
import { directory } from './provider-directory.ts';
import { canary, expectNoCanary, failure } from './secrets.ts';

// The vault asks the process for its crypto when it is first loaded: count the derivations there.
const derivations = vi.hoisted(() => {
  const counted = { count: 0 };
  const original = process.getBuiltinModule;
  process.getBuiltinModule = ((id: string) => {
    if (id !== 'node:crypto') return original(id);
    const actual = original('node:crypto');
    const scrypt = (...parameters: Parameters<typeof actual.scrypt>) => {
      counted.count += 1;
      return actual.scrypt(...parameters);
    };
    return { ...actual, scrypt };
  }) as typeof process.getBuiltinModule;
  return counted;
});

const passphrase = 'correct horse battery staple';
const cost = { log2N: 4, r: 1, p: 1 };
const openai = { provider: 'openai', api_key: canary };

let folder: string;
let path: string;
let clock: ManualClock;
let events: EventLog;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelmux-vault-'));
  path = join(folder, 'keys.vault');
  clock = manualClock();
  events = eventLog();
  derivations.count = 0;
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const openFile = (options?: Partial<VaultFileOptions>) =>
  openVaultFile({ path, passphrase, cost, clock, events, providers: directory, create: true, env: {}, ...options });
const files = async () => (await readdir(folder)).sort();

describe('a vault file', () => {
  it('keeps what is added for the next one who opens it', async () => {
    const vault = await openFile();
    await vault.add('openai-prod', { provider: 'openai', api_key: 'k1' });
    await vault.add('eu', { provider: 'azure', apiKey: 'k2', azure_resource_name: 'r', deployments: [{ alias: 'a' }] });
    const again = await openFile({ create: false });
    expect(again.slugs()).toEqual(['openai-prod', 'eu']);
    expect(await again.get('openai-prod')).toMatchObject({ provider: 'openai', apiKey: 'k1', settings: {} });
    expect(await again.get('eu')).toMatchObject({
      provider: 'azure-openai',
      apiKey: 'k2',
      settings: { resourceName: 'r', deployments: [{ alias: 'a' }] },
    });
    expect(await again.get('other')).toBeUndefined();
  });

  it('holds no secret in clear, and prints none', async () => {
    const vault = await openFile();
    await vault.add('openai-prod', openai);
    const bytes = await readFile(path);
    for (const text of [canary, 'openai-prod', 'openai', 'apiKey', passphrase]) {
      expect(bytes.includes(Buffer.from(text))).toBe(false);
      expect(bytes.includes(Buffer.from(Buffer.from(text).toString('base64').slice(0, -4)))).toBe(false);
    }
    expectNoCanary({ vault, found: await vault.get('openai-prod') });
    expect(JSON.stringify(await vault.list())).not.toContain(canary);
  });

  it('begins with its format, version and cost, as documented', async () => {
    await (await openFile({ cost: { log2N: 5, r: 2, p: 3 } })).add('a', openai);
    const bytes = await readFile(path);
    expect(bytes.subarray(0, 12)).toEqual(Buffer.from([...Buffer.from('MMVAULT'), 1, 1, 5, 2, 3]));
  });

  it('costs what OWASP advises unless told otherwise: N = 2^17, r = 8, p = 1', async () => {
    const vault = await openVaultFile({ path, passphrase, create: true });
    await vault.add('a', { provider: 'openai', api_key: 'k' });
    expect([...(await readFile(path)).subarray(9, 12)]).toEqual([17, 8, 1]);
  });

  it('stretches the passphrase once, whatever is asked and changed later', async () => {
    await (await openFile()).add('a', openai);
    derivations.count = 0;
    const vault = await openFile();
    await vault.add('b', openai);
    await vault.rotate('a', 'k2');
    await vault.remove('b');
    await vault.get('a');
    expect(derivations.count).toBe(1);
  });

  it('draws a new nonce at every write and keeps the salt', async () => {
    const vault = await openFile();
    await vault.add('a', openai);
    const before = await readFile(path);
    await vault.rotate('a', 'k2');
    const after = await readFile(path);
    expect(after.subarray(12, 44)).toEqual(before.subarray(12, 44));
    expect(after.subarray(44, 56)).not.toEqual(before.subarray(44, 56));
  });

  it('is raised to a higher cost with a new salt when written, not when read', async () => {
    await (await openFile()).add('a', openai);
    const before = await readFile(path);
    const vault = await openFile({ cost: { log2N: 6, r: 1, p: 1 } });
    expect(await readFile(path)).toEqual(before);
    await vault.add('b', openai);
    const after = await readFile(path);
    expect(after[9]).toBe(6);
    expect(after.subarray(12, 44)).not.toEqual(before.subarray(12, 44));
    expect((await openFile()).slugs()).toEqual(['a', 'b']);
    expect((await readFile(path))[9]).toBe(6);
  });

  it('takes the passphrase from the environment, however it was composed', async () => {
    await (await openFile({ passphrase: 'Gr\u00fc\u00dfe' })).add('a', openai);
    const vault = await openFile({ passphrase: undefined, env: { MODELMUX_VAULT_PASSPHRASE: 'Gru\u0308\u00dfe' } });
    expect(vault.slugs()).toEqual(['a']);
  });

  it('shows entries masked', async () => {
    const vault = await openFile();
    await vault.add('long', { provider: 'openai', api_key: 'sk-0123456789' });
    await vault.add('short', { provider: 'openai', api_key: '123456789012' });
    clock.advance(1000);
    await vault.add('aws', { provider: 'bedrock', aws_access_key_id: 'AKIA', aws_secret_access_key: canary });
    await vault.rotate('short', '1234567890123');
    const createdAt = '1970-01-01T00:16:40.000Z';
    expect(await vault.list()).toEqual([
      { slug: 'long', provider: 'openai', key: '…6789', fields: [], createdAt },
      { slug: 'short', provider: 'openai', key: '…0123', fields: [], createdAt, rotatedAt: '1970-01-01T00:16:41.000Z' },
      {
        slug: 'aws',
        provider: 'bedrock',
        fields: ['accessKeyId', 'secretAccessKey'],
        createdAt: '1970-01-01T00:16:41.000Z',
      },
    ]);
    await vault.rotate('short', '123456789012');
    expect((await vault.list())[1]?.key).toBe('…');
  });

  it('rotates a key and keeps its provider fields', async () => {
    const vault = await openFile();
    await vault.add('eu', { provider: 'azure', apiKey: 'k1', resourceName: 'r' });
    await vault.rotate('eu', 'k2');
    expect(await vault.get('eu')).toMatchObject({ apiKey: 'k2', settings: { resourceName: 'r' } });
  });

  it('removes a key', async () => {
    const vault = await openFile();
    await vault.add('a', openai);
    await vault.remove('a');
    expect(await vault.get('a')).toBeUndefined();
    expect((await openFile()).slugs()).toEqual([]);
  });

  it('is readable by its owner only, leaves nothing beside it, and stays a link where it was one', async () => {
    const link = join(folder, 'link.vault');
    await (await openFile()).add('a', openai);
    await symlink(path, link);
    await (await openFile({ path: link })).add('b', openai);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await files()).toEqual(['keys.vault', 'link.vault']);
    expect((await openFile()).slugs()).toEqual(['a', 'b']);
  });

  it('warns when others may read it, and closes it at the next write', async () => {
    await (await openFile()).add('a', openai);
    expect(events.warnings).toEqual([]);
    await chmod(path, 0o644);
    const vault = await openFile();
    expect(events.warnings).toEqual([
      { code: 'vault', message: `Vault file ${path} is open to other users (mode 644). Run: chmod 600 ${path}` },
    ]);
    await vault.add('b', openai);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });
});

describe('a vault file refuses', () => {
  it('a missing file, unless it may be created', async () => {
    const error = await failure(() => openFile({ create: false }));
    expect(error).toBeInstanceOf(VaultFileError);
    expect(error).toMatchObject({ code: 'not_found', message: `There is no vault file ${path}.` });
    await openFile();
    expect(await files()).toEqual([]);
  });

  it.each([[undefined], ['']])('no passphrase (%j)', async (given) => {
    expect(await failure(() => openFile({ passphrase: given }))).toMatchObject({ code: 'no_passphrase' });
  });

  it.each([
    ['slug_exists', 'a', /"a" exists\. Rotate it/],
    ['invalid', 'a/b', /The slug contains "\/"/],
  ])('%s: to add %j', async (code, slug, message) => {
    const vault = await openFile();
    await vault.add('a', openai);
    const error = await failure(() => vault.add(slug, openai));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expectNoCanary(error);
  });

  it('fields that make no virtual key', async () => {
    const vault = await openFile();
    const error = await failure(() => vault.add('a', { provider: 'opnai', apikey: canary }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toContain(
      'virtualKeys["a"].provider: names no known provider: "opnai". Did you mean "openai"?',
    );
    expectNoCanary(error);
    expect(await files()).toEqual([]);
  });

  it('an unknown slug, and names the nearest', async () => {
    const vault = await openFile();
    await vault.add('openai-prod', openai);
    const message = 'There is no virtual key "openai-prd". Did you mean "openai-prod"?';
    for (const action of [() => vault.rotate('openai-prd', canary), () => vault.remove('openai-prd')]) {
      const error = await failure(action);
      expect(error).toMatchObject({ code: 'slug_unknown', message });
      expectNoCanary(error);
    }
  });

  it.each([
    ['', /is empty/],
    [`${canary}\n`, /white space/],
  ])('to rotate to an unusable key %#', async (key, message) => {
    const vault = await openFile();
    await vault.add('a', openai);
    const error = await failure(() => vault.rotate('a', key));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toMatch(message);
    expectNoCanary(error);
  });

  it('to rotate what holds no API key', async () => {
    const vault = await openFile();
    await vault.add('aws', { provider: 'bedrock', aws_access_key_id: 'a', aws_secret_access_key: canary });
    const error = await failure(() => vault.rotate('aws', 'k'));
    expect(error.message).toBe(
      'Virtual key "aws" holds no API key, only accessKeyId, secretAccessKey. Remove it and add it anew.',
    );
  });

  it.each([
    { log2N: 20, r: 8, p: 1 },
    { log2N: 4, r: 0, p: 1 },
    { log2N: 4.5, r: 1, p: 1 },
  ])('a cost nobody can pay: %o', async (wanted) => {
    expect(await failure(() => openFile({ cost: wanted }))).toMatchObject({ code: 'invalid' });
  });

  it('a folder that is not there', async () => {
    const vault = await openFile({ path: join(folder, 'none', 'keys.vault') });
    const error = await failure(() => vault.add('a', openai));
    expect(error).toMatchObject({ code: 'io', message: expect.stringContaining('ENOENT') });
    expectNoCanary(error);
  });
});

describe('a wrong passphrase and a damaged file', () => {
  const wrong = /^Vault file .*: wrong passphrase or damaged file/;
  let whole: Buffer;

  beforeEach(async () => {
    await (await openFile()).add('openai-prod', openai);
    whole = await readFile(path);
  });

  it('look the same', async () => {
    const fromPassphrase = await failure(() => openFile({ passphrase: 'wrong' }));
    const changed = Buffer.from(whole);
    changed[60] = 255 - (changed[60] ?? 0);
    await writeFile(path, changed);
    const fromDamage = await failure(() => openFile());
    expect(fromPassphrase).toMatchObject({ code: 'unreadable', message: expect.stringMatching(wrong) });
    expect(fromDamage.message).toBe(fromPassphrase.message);
  });

  it.each([
    ['format', 0, 7],
    ['version', 7, 8],
    ['key derivation', 8, 9],
    ['cost', 9, 12],
    ['salt', 12, 44],
    ['nonce', 44, 56],
    ['ciphertext', 56, -16],
    ['tag', -16, undefined],
  ])('are found when any byte of the %s is changed', async (_, start, end) => {
    const positions = [...whole.keys()].slice(start, end);
    expect(positions.length).toBeGreaterThan(0);
    for (const position of positions) {
      const changed = Buffer.from(whole);
      changed[position] = (changed[position] ?? 0) ^ (1 << (position % 8));
      await writeFile(path, changed);
      const error = await failure(() => openFile());
      expect(error, `byte ${position}`).toMatchObject({ code: 'unreadable', message: expect.stringMatching(wrong) });
      expectNoCanary(error);
    }
  });

  it.each([
    ['empty', () => Buffer.alloc(0)],
    ['cut in the header', () => whole.subarray(0, 50)],
    ['without a ciphertext', () => whole.subarray(0, 56)],
    ['cut by a byte', () => whole.subarray(0, -1)],
    ['longer by a byte', () => Buffer.concat([whole, Buffer.from([0])])],
    ['something else', () => Buffer.from(`{"openai-prod": "${canary}"}`.padEnd(200))],
  ])('are found when the file is %s', async (_, bytes) => {
    await writeFile(path, bytes());
    const error = await failure(() => openFile());
    expect(error).toMatchObject({ code: 'unreadable', message: expect.stringMatching(wrong) });
    expectNoCanary(error);
  });

  it.each([
    ['N = 2^31', 9, 31],
    ['N = 1', 9, 0],
    ['r = 0', 10, 0],
    ['p = 255 at N = 2^17, r = 8', 11, 255],
  ])('are found before a forged header makes the machine work: %s', async (_, position, value) => {
    const forged = Buffer.from(whole);
    forged.set([17, 8, 1], 9);
    forged[position] = value;
    await writeFile(path, forged);
    derivations.count = 0;
    const error = await failure(() => openFile());
    expect(error).toMatchObject({ code: 'unreadable', message: expect.stringMatching(wrong) });
    expect(derivations.count).toBe(0);
  });

  it('change nothing: a file that cannot be read is not overwritten', async () => {
    const vault = await openFile();
    const damaged = Buffer.from(whole).fill(0, 56, 60);
    await writeFile(path, damaged);
    expect(await failure(() => vault.add('b', openai))).toMatchObject({ code: 'unreadable' });
    expect(await readFile(path)).toEqual(damaged);
    expect(await files()).toEqual(['keys.vault']);
  });
});

describe('a vault file changed by others', () => {
  it('is read again, looked for at most once a second', async () => {
    const vault = await openFile();
    await vault.add('a', { provider: 'openai', api_key: 'k1' });
    await (await openFile()).rotate('a', 'k2');
    clock.advance(999);
    expect(vault.get('a')).toMatchObject({ apiKey: 'k1' });
    clock.advance(1);
    expect(await Promise.all([vault.get('a'), vault.get('a')])).toMatchObject([{ apiKey: 'k2' }, { apiKey: 'k2' }]);
    expect(vault.get('a')).toMatchObject({ apiKey: 'k2' });
  });

  it('gives the same credentials object for a key that did not change', async () => {
    const vault = await openFile();
    await vault.add('a', { provider: 'openai', api_key: 'k1' });
    const first = await vault.get('a');
    await (await openFile()).add('b', { provider: 'openai', api_key: 'k2' });
    clock.advance(1000);
    expect(await vault.get('a')).toBe(first);
    expect(vault.slugs()).toEqual(['a', 'b']);
  });

  it('is shown anew by list', async () => {
    const vault = await openFile();
    await (await openFile()).add('a', openai);
    clock.advance(1000);
    expect(await vault.list()).toMatchObject([{ slug: 'a' }]);
  });

  it('leaves the last keys in use while it is damaged or gone, with one warning each', async () => {
    const vault = await openFile();
    await vault.add('a', { provider: 'openai', api_key: 'k1' });
    const whole = await readFile(path);
    await writeFile(path, 'damaged');
    for (let second = 0; second < 3; second += 1) {
      clock.advance(1000);
      expect(await vault.get('a')).toMatchObject({ apiKey: 'k1' });
    }
    await rm(path);
    for (let second = 0; second < 3; second += 1) {
      clock.advance(1000);
      expect(await vault.get('a')).toMatchObject({ apiKey: 'k1' });
    }
    expect(events.warnings.map((warning) => warning.message)).toEqual([
      expect.stringMatching(/wrong passphrase or damaged file.*\. The last keys are kept\.$/),
      `There is no vault file ${path}. The last keys are kept.`,
    ]);
    await writeFile(path, whole);
    await (await openFile()).add('b', { provider: 'openai', api_key: 'k2' });
    clock.advance(1000);
    expect(await vault.get('b')).toMatchObject({ apiKey: 'k2' });
  });

  it.each([
    ['written', () => openFile()],
    [
      'read',
      async () => {
        await (await openFile()).add('before', openai);
        return openFile();
      },
    ],
  ])('is not replaced by an empty one when it has gone after it was %s', async (_, open) => {
    const vault = await open();
    if (vault.slugs().length === 0) await vault.add('a', openai);
    await rename(path, join(folder, 'moved'));
    expect(await failure(() => vault.add('b', openai))).toMatchObject({ code: 'not_found' });
    expect(await files()).toEqual(['moved']);
  });
});

describe('writers at the same time', () => {
  it('lose nothing', async () => {
    // Waiting for the lock needs time that passes.
    const vaults = await Promise.all(
      Array.from({ length: 4 }, () => openVaultFile({ path, passphrase, cost, create: true })),
    );
    const slugs = Array.from({ length: 20 }, (_, index) => `key-${String(index).padStart(2, '0')}`);
    const first = vaults[0];
    await first?.add('first', openai);
    await Promise.all(slugs.map((slug, index) => vaults[index % vaults.length]?.add(slug, openai)));
    expect([...(await openFile()).slugs()].sort()).toEqual(['first', ...slugs]);
    expect(await files()).toEqual(['keys.vault']);
  });

  it('go on in the same vault after one fails', async () => {
    const vault = await openFile();
    const outcomes = await Promise.allSettled([vault.add('a', openai), vault.add('a', openai), vault.add('b', openai)]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((await openFile()).slugs()).toEqual(['a', 'b']);
  });

  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  it.each([
    ['whose process is gone', `${dead} ${hostname()} token`, 0],
    ['that is over a minute old', '1 another-host token', 61],
    ['that was never written and is over a minute old', '', 61],
  ])('take over a lock %s', async (_, token, ageS) => {
    const vault = await openFile();
    await writeFile(`${path}.lock`, token);
    const then = Date.now() / 1000 - ageS;
    await utimes(`${path}.lock`, then, then);
    await vault.add('a', openai);
    expect(await files()).toEqual(['keys.vault']);
  });

  it.each([
    ['of a running process', `${process.pid} ${hostname()} token`],
    ['of another machine', '1 another-host token'],
  ])('wait 10 s for a lock %s, then say how to go on', async (_, token) => {
    const vault = await openFile();
    await writeFile(`${path}.lock`, token);
    const outcome = failure(() => vault.add('a', openai));
    let isOver = false;
    outcome.finally(() => {
      isOver = true;
    });
    const startedAt = clock.now();
    while (!isOver) {
      if (clock.pending > 0) clock.advance(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const error = await outcome;
    expect(error).toMatchObject({
      code: 'locked',
      message: `Vault file ${path} is being written by another process. If none is, delete ${path}.lock.`,
    });
    expect(clock.now() - startedAt).toBeGreaterThanOrEqual(10_000);
    expect(await readFile(`${path}.lock`, 'utf8')).toBe(token);
    expect(await files()).toEqual(['keys.vault.lock']);
  });
});
