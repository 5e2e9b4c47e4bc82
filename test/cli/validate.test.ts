import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { filesOf, finished } from './cli.ts';

const file = filesOf();
const places = (out: string) =>
  JSON.parse(out).files.flatMap(({ issues }: { issues: { line: number; column: number; path: string }[] }) =>
    issues.map(({ line, column, path }) => `${line}:${column} ${path}`),
  );

describe('validate', () => {
  it('says of a sound file what it is', async () => {
    const path = await file(
      'good.yaml',
      'strategy: { mode: fallback }\ntargets: [{ provider: openai }, { provider: groq }]',
    );
    expect(await finished(['validate', path])).toEqual({
      code: 0,
      out: `${path}: valid, fallback over 2 targets\n`,
      err: '',
    });
  });

  it('lists everything wrong with line and column, in their order', async () => {
    const path = await file(
      'bad.yaml',
      `# A comment
strategy:
  mode: fallbak
targets:
  - provider: opnai
    apiKey: sk
    weight: -1
  - retry:
      attempts: many
    on_status_codes: [429]
`,
    );
    const { code, out } = await finished(['validate', path]);
    expect(code).toBe(1);
    expect(out.split('\n').map((line) => line.replace(path, ''))).toEqual([
      ':3:3 $.strategy.mode Expected one of "single"|"fallback"|"loadbalance"|"conditional", received "fallbak".',
      ':5:5 $.targets[0].provider Unknown provider "opnai". Did you mean "openai"?',
      ':7:5 $.targets[0].weight Too small: expected number to be >=0, received -1.',
      ':9:7 $.targets[1].retry.attempts Expected number, received string, received "many".',
      ':10:5 $.targets[1].on_status_codes "on_status_codes" has no meaning here. It belongs in "strategy".',
      '5 problems in 1 file.',
      '',
    ]);
  });

  it.each([
    ['json', 'camel.json', '{\n  "provider": "openai",\n  "requestTimeout": -1\n}', ['3:3 $.request_timeout']],
    [
      'a key with dots',
      'dots.json',
      '{"strategy":{"mode":"conditional","conditions":[{"query":\n{"metadata.a":{"$x":1}},"then":"a"}]},"targets":[{"name":"a","provider":"groq"}]}',
      ['2:16 $.strategy.conditions[0].query.metadata.a.$x'],
    ],
    [
      'what is missing',
      'missing.yaml',
      'strategy:\n  mode: fallback\ntargets:\n  - provider: groq\n  - weight: 1',
      ['5:5 $.targets[1]'],
    ],
    [
      'the legacy form',
      'legacy.json',
      '{ "mode": "fallback",\n "options": [{ "provider": "openai" },\n { "provider": "opnai" }] }',
      ['3:4 $.targets[1].provider'],
    ],
    [
      'a mode of the legacy form',
      'legacy-mode.json',
      '{\n "options": [{ "provider": "openai" }],\n "mode": "x" }',
      ['3:2 $.strategy.mode'],
    ],
    [
      'an anchor',
      'anchor.yaml',
      'strategy: { mode: fallback }\ntargets:\n  - &t { provider: openai }\n  - *t\n  - { provider: nope }',
      ['5:7 $.targets[2].provider'],
    ],
    ['broken text', 'broken.json', '{\n  "provider": }', ['2:15 $']],
    ['a key twice', 'twice.yaml', 'provider: openai\nprovider: groq', ['2:1 $']],
    ['no object', 'list.yaml', '- a', ['1:1 $']],
  ])('finds the place in %s', async (_, name, text, expected) => {
    const { code, out } = await finished(['validate', await file(name, text), '--json']);
    expect([code, places(out)]).toEqual([1, expected]);
  });

  it('never quotes a text it cannot read: it may hold keys', async () => {
    const { out } = await finished(['validate', await file('secret.json', '{"api_key": "sk-secret" "x": 1')]);
    expect(out).not.toContain('sk-secret');
  });

  it('follows refs to files beside it', async () => {
    await file('pc-shared.yaml', 'provider: openai');
    const good = await file(
      'ref.yaml',
      'strategy: { mode: fallback }\ntargets: [{ ref: pc-shared }, { provider: groq }]',
    );
    const bad = await file('bad-ref.yaml', 'strategy: { mode: fallback }\ntargets:\n  - ref: pc-shard');
    expect((await finished(['validate', good])).out).toContain('valid, fallback over 2 targets');
    const { code, out } = await finished(['validate', bad]);
    expect([code, out]).toEqual([
      1,
      expect.stringContaining(':3:5 $.targets[0].ref There is no config "pc-shard". Did you mean "pc-shared"?'),
    ]);
  });

  it('takes several files, folders and standard input', async () => {
    const path = await file('one.json', '{"provider":"openai"}');
    const { code, out } = await finished(['validate', path, '-', '--json'], { input: 'provider: nope' });
    expect(code).toBe(1);
    expect(JSON.parse(out).files).toMatchObject([{ valid: true }, { file: 'standard input', valid: false }]);
    const folder = await finished(['validate', dirname(path), '--json']);
    expect(JSON.parse(folder.out).files.length).toBeGreaterThan(5);
  });

  it('says what it cannot read', async () => {
    const { code, err } = await finished(['validate', '/nowhere/config.yaml']);
    expect([code, err]).toEqual([1, 'Cannot read /nowhere/config.yaml: there is no such file.\n']);
  });

  it('refuses unknown options with a suggestion', async () => {
    const { code, err } = await finished(['validate', 'x', '--jsn']);
    expect([code, err]).toEqual([2, expect.stringContaining('Did you mean --json?')]);
    expect((await finished(['validate'])).code).toBe(2);
    expect((await finished(['validat', 'x'])).err).toContain('Did you mean validate?');
  });

  it('styles only a terminal, and not with NO_COLOR', async () => {
    const path = await file('plain.json', '{"provider":"openai"}');
    const styled = async (env: Record<string, string>) =>
      (await finished(['validate', path], { isTty: true, env })).out.includes('\u001b[');
    expect([await styled({}), await styled({ NO_COLOR: '1' })]).toEqual([true, false]);
  });
});

describe('validate, with nothing to check', () => {
  it.each([
    ['an empty file', ''],
    ['a comment alone', '# to be written\n'],
    ['null', 'null'],
  ])('does not call %s a config', async (_name, text) => {
    const path = await file('nothing.yaml', text);
    const { code, out } = await finished(['validate', path]);
    expect(code).toBe(1);
    expect(out).toContain(`${path}:1:1 $ A config is an object such as`);
  });

  it('does not take a pipe that broke for a config', async () => {
    const { code } = await finished(['validate', '-']);
    expect(code).toBe(1);
  });

  it('says that a folder holds no config', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'modelmux-cli-empty-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    expect(await finished(['validate', folder])).toEqual({
      code: 1,
      out: '',
      err: `No file in ${folder} ends in .json, .yaml or .yml.\n`,
    });
  });
});

it('takes the body of a call to a legacy endpoint, as the documents show it', async () => {
  const config = { mode: 'single', options: [{ provider: 'openai', apiKey: '<API_KEY>' }] };
  const path = await file('body.json', JSON.stringify({ config, params: { messages: [] } }));
  expect((await finished(['validate', path])).out).toBe(`${path}: valid, legacy Portkey, single over 1 target\n`);
});
