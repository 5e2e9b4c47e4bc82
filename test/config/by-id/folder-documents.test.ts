import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { folderDocuments } from '../../../src/config/by-id/folder-documents.ts';
import { backgroundClock } from '../../../src/core/runtime.ts';
import { documentStoreSuite } from '../../conformance/document-store-suite.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelmux-documents-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (keepVersions?: number) => folderDocuments(join(folder, 'inside'), backgroundClock, keepVersions);

documentStoreSuite('a folder of histories', (keep) => ({ store: open(keep), other: open(keep) }));

it('keeps what only its owner may read, and loses no version to a line that a crash cut short', async () => {
  const file = join(folder, 'inside', 'pp-a.jsonl');
  await open().put({ slug: 'pp-a', name: 'A', content: { a: 1 } });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await writeFile(file, '{"slug":"pp-a","number":2,"cont', { flag: 'a' });
  await open().put({ slug: 'pp-a', name: 'A', content: { a: 2 } });
  expect((await open().versions('pp-a')).map(({ content }) => content)).toEqual([{ a: 2 }, { a: 1 }]);
  expect(await readFile(file, 'utf8')).toContain('"cont');
});

it('takes no slug that leads elsewhere', async () => {
  await expect(open().put({ slug: '../a', name: 'A', content: {} })).rejects.toThrow('path separator');
});
