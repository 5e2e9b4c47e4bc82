import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { writtenPages } from './code-blocks.ts';
import { anchorOf } from './markdown.ts';

const root = join(import.meta.dirname, '../..');

/** The names by which the headings of a page are called. */
function anchorsOf(path: string): readonly string[] {
  return [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

it.each([...writtenPages(), 'llms.txt', 'SECURITY.md'])('every link of %s leads somewhere', (page) => {
  const text = readFileSync(join(root, page), 'utf8').replaceAll(/^```.*?^```$/gms, '');
  const lost = [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
    if (/^[a-z]+:/.test(link)) return [];
    const [file = '', anchor] = link.split('#');
    const path = file === '' ? join(root, page) : join(root, dirname(page), file);
    const isThere = existsSync(path) && (anchor === undefined || anchorsOf(path).includes(anchor));
    return isThere ? [] : [link];
  });
  expect(lost).toEqual([]);
});

it('llms.txt names the number of providers, as README.md does', () => {
  const count = readFileSync(join(root, 'docs/providers.md'), 'utf8').match(/^\| .*\*\*`/gm)?.length;
  for (const page of ['README.md', 'llms.txt'])
    expect(readFileSync(join(root, page), 'utf8')).toContain(`${count} providers`);
});
