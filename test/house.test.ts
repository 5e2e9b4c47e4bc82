import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../src');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => ({ file, lines: codeLines(readFileSync(join(root, file), 'utf8')) }))
  .sort((a, b) => a.lines - b.lines);

/** Lines that are neither blank nor comment. */
function codeLines(text: string): number {
  const code = text.replaceAll(/^\s*\/\*[\s\S]*?\*\/\s*$/gm, '');
  return code.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length;
}

function quantile(share: number): number {
  return files[Math.floor(files.length * share)]?.lines ?? 0;
}

describe('the house keeps its sizes', () => {
  it('half of the files have at most 90 lines of code, nine in ten at most 200', () => {
    expect(quantile(0.5)).toBeLessThanOrEqual(90);
    expect(quantile(0.9)).toBeLessThanOrEqual(200);
  });

  it('no file has more than 300 lines of code, no dialect more than 400', () => {
    const tooLong = files.filter(({ file, lines }) => lines > (file.includes('dialects') ? 400 : 300));
    expect(tooLong).toEqual([]);
  });
});

describe.each(['routing/algorithms', 'routing/middleware', 'routing/strategies'])('every file of %s', (folder) => {
  it('is registered in its index, or used by one that is', () => {
    const all = readdirSync(join(root, folder)).filter((name) => name.endsWith('.ts'));
    const names = all.filter((name) => name !== 'index.ts');
    const texts = all.map((name) => readFileSync(join(root, folder, name), 'utf8'));
    const forgotten = names.filter((name) => !texts.some((text) => text.includes(`'./${name}'`)));
    expect(forgotten).toEqual([]);
  });
});
