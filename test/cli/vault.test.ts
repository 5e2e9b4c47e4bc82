import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Command, CommanderError } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { vaultCommand } from '../../src/cli/vault.ts';
import { askHidden, CancelledError, processIo, type VaultIo } from '../../src/cli/vault-io.ts';
import { openVaultFile } from '../../src/vault/file.ts';
import { manualClock } from '../support/manual-clock.ts';
import { directory } from '../vault/provider-directory.ts';
import { canary, expectNoCanary, failure } from '../vault/secrets.ts';

const passphrase = 'correct horse battery staple';
const cost = { log2N: 4, r: 1, p: 1 };

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelmux-cli-'));
  path = join(folder, 'keys.vault');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Given {
  /** Standard input; without `answers` nobody sits at a terminal. */
  readonly input?: string;
  /** What a person at the terminal types, question by question. */
  readonly answers?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly ask?: (question: string) => Promise<string>;
}

/** Runs the command in this process, as `modelmux vault …` would, and says what came of it. */
async function vault(
  line: readonly string[],
  { input = '', answers, ask, env = { MODELMUX_VAULT_PASSPHRASE: passphrase } }: Given = {},
) {
  const [out, err, questions]: [string[], string[], string[]] = [[], [], []];
  const left = [...(answers ?? [])];
  const io: VaultIo = {
    env: { MODELMUX_VAULT_FILE: path, ...env },
    write: (text) => void out.push(text),
    writeError: (text) => void err.push(text),
    readInput: async () => input,
    ...(ask === undefined ? {} : { ask }),
    ...(answers === undefined
      ? {}
      : {
          ask: async (question: string) => {
            questions.push(question);
            return left.shift() ?? '';
          },
        }),
  };
  const program = new Command('modelmux').addCommand(
    vaultCommand({ io, providers: directory, clock: manualClock(), cost }),
  );
  let code = 0;
  try {
    await program.parseAsync(['vault', ...line], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    expectNoCanary(error);
    code = error.exitCode;
  }
  expect(out.join('') + err.join('')).not.toContain(canary);
  return { code, out: out.join(''), err: err.join(''), questions };
}

const stored = async () => {
  const file = await openVaultFile({ path, passphrase, cost });
  return Promise.all(
    file.slugs().map(async (slug) => {
      const found = await file.get(slug);
      return [slug, found?.provider, found?.apiKey, found?.settings];
    }),
  );
};
const addOpenai = () => vault(['add', 'openai-prod', '--provider', 'openai'], { input: `${canary}\n` });
const createdAt = '1970-01-01T00:16:40.000Z';

describe('vault add', () => {
  it('keeps the key it reads from standard input', async () => {
    expect(await addOpenai()).toMatchObject({ code: 0, out: 'Added openai-prod.\n', err: '' });
    expect(await stored()).toEqual([['openai-prod', 'openai', canary, {}]]);
  });

  it('prints JSON, masked', async () => {
    const { out } = await vault(['add', 'a', '--provider', 'openai', '--json'], { input: canary });
    expect(JSON.parse(out)).toEqual({ slug: 'a', provider: 'openai', key: '…9b24', fields: [], createdAt });
  });

  it('takes key and fields from variables, and fields that are no secret from the command line', async () => {
    const env = { MODELMUX_VAULT_PASSPHRASE: passphrase, MY_KEY: canary, MY_NAME: 'r' };
    const line = ['add', 'eu', '--provider', 'azure', '--key-env', 'MY_KEY', '--field', 'azure_api_version=2024=10'];
    await vault([...line, '--field-env', 'resource_name=MY_NAME'], { env });
    expect(await stored()).toEqual([['eu', 'azure-openai', canary, { apiVersion: '2024=10', resourceName: 'r' }]]);
  });

  it('keeps credentials that are no API key', async () => {
    const env = { MODELMUX_VAULT_PASSPHRASE: passphrase, ID: 'AKIA', SECRET: canary };
    const line = ['add', 'aws', '--provider', 'bedrock', '--without-key', '--field', 'aws_region=eu-west-1'];
    const fields = ['--field-env', 'aws_access_key_id=ID', '--field-env', 'aws_secret_access_key=SECRET'];
    expect(await vault([...line, ...fields], { env })).toMatchObject({ code: 0 });
    expect(await stored()).toEqual([
      ['aws', 'bedrock', undefined, { region: 'eu-west-1', accessKeyId: 'AKIA', secretAccessKey: canary }],
    ]);
  });

  it('asks at a terminal, and has the passphrase of a new vault repeated', async () => {
    const first = await vault(['add', 'a', '--provider', 'openai'], {
      env: {},
      answers: [passphrase, passphrase, canary],
    });
    expect(first).toMatchObject({
      code: 0,
      questions: ['Passphrase of the vault: ', 'Repeat the passphrase of the new vault: ', 'API key: '],
    });
    const second = await vault(['add', 'b', '--provider', 'openai'], { env: {}, answers: [passphrase, 'k2'] });
    expect(second.questions).toEqual(['Passphrase of the vault: ', 'API key: ']);
    expect(await stored()).toEqual([
      ['a', 'openai', canary, {}],
      ['b', 'openai', 'k2', {}],
    ]);
  });

  it('writes nothing when the repeated passphrase differs', async () => {
    const outcome = await vault(['add', 'a', '--provider', 'openai'], { env: {}, answers: ['one', 'two', canary] });
    expect(outcome).toMatchObject({ code: 2, err: 'error: The passphrases differ. Nothing was written.\n' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('writes to the file named by --file', async () => {
    const other = join(folder, 'other.vault');
    await vault(['add', 'a', '--provider', 'openai', '--file', other], { input: canary });
    expect(await readdir(folder)).toEqual(['other.vault']);
    expect((await readFile(other)).includes(Buffer.from(canary))).toBe(false);
  });
});

describe('vault list', () => {
  it('prints a table, masked', async () => {
    await addOpenai();
    const env = { MODELMUX_VAULT_PASSPHRASE: passphrase, SECRET: canary };
    await vault(
      ['add', 'aws', '--provider', 'bedrock', '--without-key', '--field-env', 'aws_secret_access_key=SECRET'],
      { env },
    );
    expect(await vault(['list'])).toEqual({
      code: 0,
      err: '',
      questions: [],
      out: [
        'SLUG         PROVIDER  KEY    FIELDS           CREATED                   ROTATED',
        `openai-prod  openai    …9b24  -                ${createdAt}  -`,
        `aws          bedrock   -      secretAccessKey  ${createdAt}  -`,
        '',
      ].join('\n'),
    });
  });

  it('prints JSON', async () => {
    await addOpenai();
    expect(JSON.parse((await vault(['list', '--json'])).out)).toEqual([
      { slug: 'openai-prod', provider: 'openai', key: '…9b24', fields: [], createdAt },
    ]);
  });

  it('says that a vault is empty', async () => {
    await addOpenai();
    await vault(['remove', 'openai-prod']);
    expect((await vault(['list'])).out).toBe('No virtual keys.\n');
    expect((await vault(['list', '--json'])).out).toBe('[]\n');
  });
});

it('exits with 1 when a person cancels a question', async () => {
  const ask = () => Promise.reject(new CancelledError());
  expect(await vault(['list'], { env: {}, ask })).toMatchObject({ code: 1, err: 'error: Cancelled.\n' });
});

it('vault rotate replaces a key', async () => {
  await vault(['add', 'a', '--provider', 'openai'], { input: 'old' });
  expect(await vault(['rotate', 'a'], { input: `${canary}\r\n` })).toMatchObject({ code: 0, out: 'Rotated a.\n' });
  expect(await stored()).toEqual([['a', 'openai', canary, {}]]);
});

it('vault remove removes a key', async () => {
  await addOpenai();
  expect(await vault(['remove', 'openai-prod', '--json'])).toMatchObject({
    code: 0,
    out: '{"slug":"openai-prod","removed":true}\n',
  });
  expect(await stored()).toEqual([]);
});

describe('a failure', () => {
  const env = { MODELMUX_VAULT_PASSPHRASE: 'wrong' };
  it.each<[string, readonly string[], Given, RegExp]>([
    ['a wrong passphrase', ['list'], { env }, /wrong passphrase or damaged file/],
    ['a slug that is taken', ['add', 'openai-prod', '--provider', 'openai'], { input: canary }, /exists\. Rotate it/],
    ['an unknown slug', ['rotate', 'openai-prd'], { input: canary }, /Did you mean "openai-prod"\?/],
    ['an unknown slug', ['remove', 'x'], {}, /There is no virtual key "x"/],
    ['a missing file', ['list', '--file', '/nowhere/keys.vault'], {}, /There is no vault file \/nowhere\/keys\.vault/],
  ])('of the vault exits with 1: %s', async (_, line, given, message) => {
    await addOpenai();
    const outcome = await vault(line, given);
    expect(outcome).toMatchObject({ code: 1, out: '', err: expect.stringMatching(message) });
  });

  const add = ['add', 'b', '--provider', 'openai'];
  it.each<[string, readonly string[], Given, RegExp]>([
    ['no passphrase', ['list'], { env: {} }, /MODELMUX_VAULT_PASSPHRASE/],
    ['no key', add, { input: '\n' }, /No API key was given/],
    ['a key on the command line', [...add, '--key', canary], {}, /history of the shell.*Consider this key leaked/],
    ['a key on the command line', [...add, `--api-key=${canary}`], {}, /history of the shell/],
    ['a key on the command line', ['rotate', 'openai-prod', '--key', canary], {}, /history of the shell/],
    ['a key as an argument', [...add, canary], {}, /too many arguments for 'add'.* but got 2\.\n$/],
    ['a key in an unknown option', [...add, `--secret=${canary}'\n${canary}`], {}, /unknown option '--secret=…'\n$/],
    ['a key in place of a variable', [...add, '--key-env', canary], {}, /no name of an environment variable/],
    ['a variable that is not set', [...add, '--key-env', 'NOT_SET'], {}, /NOT_SET is not set/],
    [
      'a secret field on the command line',
      [...add, '--field', `client_secret=${canary}`],
      {},
      /--field-env client_secret=VARIABLE/,
    ],
    ['a field without a value', [...add, '--field', canary], {}, /--field needs a name/],
    ['a key with white space', add, { input: ` ${canary}` }, /api_key: has white space/],
    ['an unknown provider', ['add', 'b', '--provider', 'opnai'], { input: canary }, /Did you mean "openai"\?/],
    ['a slug that is none', ['add', 'a/b', '--provider', 'openai'], { input: canary }, /The slug contains "\/"/],
    ['no provider', ['add', 'b'], {}, /required option '--provider <name>'/],
    ['no slug', ['remove'], {}, /missing required argument 'slug'/],
    ['an unknown command', ['delete', 'x'], {}, /unknown command 'delete'/],
    ['no command', [], {}, /Usage: modelmux vault/],
  ])('of the command line exits with 2: %s', async (_, line, given, message) => {
    await addOpenai();
    const outcome = await vault(line, given);
    expect(outcome).toMatchObject({ code: 2, out: '', err: expect.stringMatching(message) });
    expect(await stored()).toEqual([['openai-prod', 'openai', canary, {}]]);
  });

  it('is JSON when asked for', async () => {
    await addOpenai();
    const { code, err } = await vault(['remove', 'x', '--json']);
    expect([code, JSON.parse(err)]).toEqual([1, { error: { message: 'There is no virtual key "x".' } }]);
  });
});

it('help exits with 0', async () => {
  expect(await vault(['add', '--help'])).toMatchObject({ code: 0, out: expect.stringContaining('--key-env'), err: '' });
  expect((await vault(['add', '--help'])).out).not.toContain('--api-key');
});

describe('a hidden question', () => {
  it('reads a line and shows nothing of it', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const answer = askHidden('API key: ', input, output);
    input.write(`${canary}\r`);
    expect(await answer).toBe(canary);
    expect(output.read()?.toString()).toBe('API key: \n');
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('is cancelled by %s', async (_, typed) => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const outcome = failure(() => askHidden('API key: ', input, output));
    input.write(typed);
    expect((await outcome).message).toBe('Cancelled.');
  });
});

it('the input of a process is read to its end, and nobody is asked without a terminal', async () => {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const io = processIo({ stdin, stdout, stderr, env: { A: 'b' } } as unknown as NodeJS.Process);
  const bytes = Buffer.from('sk-\u00fc\n');
  stdin.write(bytes.subarray(0, 4));
  stdin.end(bytes.subarray(4));
  expect(await io.readInput()).toBe('sk-\u00fc\n');
  io.write('out');
  io.writeError('err');
  expect([stdout.read()?.toString(), stderr.read()?.toString(), io.ask, io.env]).toEqual([
    'out',
    'err',
    undefined,
    { A: 'b' },
  ]);
});
