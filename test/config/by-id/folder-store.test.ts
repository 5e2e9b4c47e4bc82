import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FolderConfigs, openConfigFolder } from '../../../src/config/by-id/folder.ts';
import { folderStore } from '../../../src/config/by-id/folder-store.ts';
import { backgroundClock } from '../../../src/core/runtime.ts';
import { documentStoreSuite } from '../../conformance/document-store-suite.ts';
import { manualClock } from '../../support/manual-clock.ts';

let folder: string;
let opened: FolderConfigs[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelmux-config-store-'));
  opened = [];
});
afterEach(async () => {
  for (const source of opened) source.close();
  await rm(folder, { recursive: true, force: true });
});

/** Only polled, by a clock that stands still: what is seen is seen because it was written through the store. */
const still = () => ({ clock: manualClock(), watch: false });
/** As in a server. */
const watched = () => ({ clock: backgroundClock, watch: true });

async function open(how: typeof still | typeof watched = still, keepVersions?: number) {
  const { clock, watch } = how();
  const source = await openConfigFolder({ path: folder, clock, watch });
  opened.push(source);
  return { store: folderStore(folder, source, clock, keepVersions), source };
}
const one = { override_params: { model: 'one' } };
const two = { override_params: { model: 'two' } };
const files = async () => (await readdir(folder)).sort();

documentStoreSuite('a folder', async (keep) => ({
  store: (await open(watched, keep)).store,
  other: (await open(watched, keep)).store,
}));

describe('a folder of configs', () => {
  it('has one file a config, which whoever watches it reads, and nobody else', async () => {
    const { store, source } = await open();
    const seen: string[] = [];
    source.subscribe((id) => seen.push(id));
    const { versionId } = await store.put({ slug: 'pc-a', name: 'A', content: one });
    expect(await files()).toEqual(['.versions', 'pc-a.json']);
    expect(JSON.parse(await readFile(join(folder, 'pc-a.json'), 'utf8'))).toEqual({
      slug: 'pc-a',
      name: 'A',
      config: one,
    });
    expect((await stat(join(folder, 'pc-a.json'))).mode & 0o777).toBe(0o600);
    expect(await source.get('pc-a')).toEqual({ config: one, name: 'A', version: versionId });
    expect(seen).toEqual(['pc-a']);
  });

  it('keeps its versions where the next process finds them', async () => {
    const before = await open();
    await before.store.put({ slug: 'pc-a', name: 'A', content: one });
    await before.store.put({ slug: 'pc-a', name: 'A', content: two });
    const { store } = await open();
    expect((await store.versions('pc-a')).map(({ content }) => content)).toEqual([two, one]);
  });

  it('takes what was written by hand for a version, and writes into the same file', async () => {
    await writeFile(join(folder, 'main.json'), JSON.stringify({ slug: 'pc-main', ...one }));
    const { store, source } = await open();
    expect((await store.list()).map(({ slug, number, content }) => [slug, number, content])).toEqual([
      ['pc-main', 1, one],
    ]);
    await store.put({ slug: 'pc-main', name: 'Main', content: two });
    expect(await files()).toEqual(['.versions', 'main.json']);
    await writeFile(join(folder, 'main.json'), JSON.stringify({ slug: 'pc-main', config: { retry: { attempts: 1 } } }));
    await source.refresh();
    expect((await store.versions('pc-main')).map(({ number, content }) => [number, content])).toEqual([
      [3, { retry: { attempts: 1 } }],
      [2, two],
      [1, one],
    ]);
  });

  it('writes YAML where it was YAML', async () => {
    await writeFile(join(folder, 'pc-y.yaml'), 'override_params:\n  model: one # the best\n');
    const { store } = await open();
    await store.put({ slug: 'pc-y', name: 'Y', content: two });
    expect(await readFile(join(folder, 'pc-y.yaml'), 'utf8')).toBe(
      'slug: pc-y\nname: Y\nconfig:\n  override_params:\n    model: two\n',
    );
    expect((await store.versions('pc-y')).map(({ content }) => content)).toEqual([two, one]);
  });

  it('passes over a version that a crash cut short', async () => {
    const { store } = await open();
    await store.put({ slug: 'pc-a', name: 'A', content: one });
    await writeFile(join(folder, '.versions', 'pc-a.jsonl'), '{"slug":"pc-a","number":2,"conf', { flag: 'a' });
    expect((await store.versions('pc-a')).map(({ number }) => number)).toEqual([1]);
  });
});
