import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { startSimulator } from '../../src/simulator/index.ts';
import { finished } from '../cli/cli.ts';
import { type CodeBlock, codeBlocks, writtenPages } from './code-blocks.ts';

const root = join(import.meta.dirname, '../..');
const blocks = writtenPages().flatMap(codeBlocks);
const named = (chosen: readonly CodeBlock[]) => chosen.map((block) => [block.place, block] as const);
const ofLanguage = (...languages: readonly string[]) => blocks.filter(({ language }) => languages.includes(language));
// What a page shows of other packages, or a part of something, is only shown.
const ours = (block: CodeBlock) => !block.marks.includes('before') && !block.marks.includes('part');

// Inside the package, so that its own names lead to it.
const folder = mkdtempSync(join(root, 'test/docs/.blocks-'));
afterAll(() => rmSync(folder, { recursive: true }));

const programs = ofLanguage('ts')
  .filter(ours)
  .map((block, index) => {
    const file = join(folder, `block-${index}.ts`);
    writeFileSync(file, `${block.text}\nexport {};\n`);
    return { block, file };
  });

it('every block of TypeScript has the types it should', () => {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const strictAsUsual = {
    ...options,
    noUnusedLocals: false,
    noUncheckedIndexedAccess: false,
    exactOptionalPropertyTypes: false,
  };
  const program = ts.createProgram({ rootNames: programs.map(({ file }) => file), options: strictAsUsual });
  const sources = programs.flatMap(({ file }) => program.getSourceFile(file) ?? []);
  const found = sources.flatMap((source) => [
    ...program.getSyntacticDiagnostics(source),
    ...program.getSemanticDiagnostics(source),
  ]);
  const problems = found.map(({ file, messageText, start }) => {
    const place = programs.find((each) => each.file === file?.fileName)?.block.place ?? file?.fileName;
    const line = start === undefined ? 0 : (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
    return `${place}+${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
  expect(problems).toEqual([]);
});

const runs = programs
  .filter(({ block }) => block.marks.includes('run'))
  .map((each) => [each.block.place, each.file] as const);

it.concurrent.each(runs)('%s runs, and says nothing is wrong', async (_place, file) => {
  await using simulator = await startSimulator({});
  const keys = ['OPENAI', 'ANTHROPIC', 'AZURE', 'GROQ', 'ANYSCALE'].map((name) => [`${name}_API_KEY`, 'sk-simulated']);
  const { stderr } = await promisify(execFile)(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--import', join(root, 'test/docs/redirected/hooks.ts'), file],
    {
      env: { PATH: process.env['PATH'], SIMULATOR_URL: simulator.url, ...Object.fromEntries(keys), ...environment },
      cwd: folder,
      timeout: 100_000,
    },
  );
  expect(stderr).toBe('');
});

/** What the environment of the blocks holds beside keys. */
const environment = {
  PORTKEYAI_API_KEY: 'pk-simulated',
  ANTHROPIC_VIRTUAL_KEY: 'anthropic-prod',
  OPENAI_VIRTUAL_KEY: 'openai-prod',
  AZURE_OPENAI_VIRTUAL_KEY: 'azure-prod',
};

describe('every config', () => {
  it.each(named(ofLanguage('json', 'yaml').filter(ours)))('at %s is valid', async (_place, block) => {
    const path = join(mkdtempSync(join(tmpdir(), 'modelmux-docs-')), `config.${block.language}`);
    writeFileSync(path, block.text);
    const { code, out } = await finished(['validate', path]);
    expect([code, out]).toEqual([0, expect.stringContaining('valid')]);
  });
});

describe('every command', () => {
  const commands = ofLanguage('sh').flatMap(({ place, text }) =>
    text
      .replaceAll(/\\\n/g, ' ')
      .split(/\n|;|\|/)
      .map((line) => /(?:^|\s|\/)modelmux ([a-z][^#>]*)/.exec(line)?.[1])
      .filter((command) => command !== undefined)
      .map((command) => [place, command.trim()] as const),
  );
  it.each(commands)('at %s is one: modelmux %s', async (_place, command) => {
    const [name = '', ...words] = command.split(/\s+/);
    const sub = name === 'vault' ? words.slice(0, 1) : [];
    const { code, out } = await finished([name, ...sub, '--help']);
    expect(code).toBe(0);
    const flags = words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.split('=')[0]);
    for (const flag of flags) expect(out).toContain(flag);
  });
});
