import { expect, it } from 'vitest';
import { memoryDocuments } from '../../../src/stores/documents/memory-documents.ts';
import { documentStoreSuite } from '../../conformance/document-store-suite.ts';

documentStoreSuite('memory', (keepVersions) => {
  const store = memoryDocuments({}, Date.now, keepVersions);
  return { store, other: store };
});

it('gives what was written, and takes it in again, but for what it began with', async () => {
  const initial = { given: { retry: { attempts: 1 } }, changed: { retry: { attempts: 1 } } };
  const before = memoryDocuments(initial, Date.now);
  await before.put({ slug: 'changed', name: 'C', content: { retry: { attempts: 2 } } });
  await before.put({ slug: 'gone', name: 'G', content: {} });
  await before.delete('gone');
  const kept = JSON.parse(JSON.stringify(before.snapshot()));
  expect(Object.keys(kept).sort()).toEqual(['changed', 'gone']);
  const after = memoryDocuments(initial, Date.now);
  after.restore({ ...kept, broken: { versions: [{ slug: 1 }] } });
  expect(await after.versions('changed')).toEqual(await before.versions('changed'));
  expect([...after.slugs()].sort()).toEqual(['changed', 'given']);
  expect((await after.put({ slug: 'gone', name: 'G', content: {} })).number).toBe(2);
});

it('takes a change back that cannot be kept', async () => {
  const store = memoryDocuments({}, Date.now);
  await store.put({ slug: 'a', name: 'A', content: { retry: { attempts: 1 } } });
  store.keptBy(() => Promise.reject(new Error('disk full')));
  await expect(store.put({ slug: 'a', name: 'A', content: {} })).rejects.toThrow('disk full');
  await expect(store.delete('a')).rejects.toThrow('disk full');
  expect((await store.versions('a')).map(({ content }) => content)).toEqual([{ retry: { attempts: 1 } }]);
});
