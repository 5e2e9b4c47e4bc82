import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as modelmux from '../../src/index.ts';
import { cliPage } from './cli-page.ts';
import { configPage } from './config-page.ts';
import { errorsPage, examples } from './errors-page.ts';
import { optionsPage } from './options-page.ts';
import { entryProgram, publicExports } from './public-exports.ts';

const program = entryProgram();
const read = (path: string) => readFileSync(new URL(`../../docs/${path}`, import.meta.url), 'utf8');

it.each([
  ['cli.md', cliPage],
  ['config.md', () => configPage(program)],
  ['errors.md', () => errorsPage(program)],
  ['options.md', () => optionsPage(program)],
])('docs/%s says what the source says; `npm run pages` brings it up to date', async (path, page) => {
  expect(read(path)).toBe(await page());
});

it('every export of every entry has a docstring', () => {
  const silent = publicExports(program).filter(({ doc }) => doc.trim() === '');
  expect(silent.map(({ entry, name }) => `${entry} ${name}`)).toEqual([]);
});

it('docs/errors.md has every error that the package exports', () => {
  const exported = Object.entries(modelmux).flatMap(([name, value]) =>
    typeof value === 'function' && value.prototype instanceof modelmux.PortkeyError ? [name] : [],
  );
  expect(examples.map(({ error }) => error.constructor.name).toSorted()).toEqual(exported.toSorted());
});
