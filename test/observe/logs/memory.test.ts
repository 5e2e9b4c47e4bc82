import { expect, it } from 'vitest';
import { memoryLogs } from '../../../src/observe/logs/memory.ts';
import { logRecord, logStoreSuite } from '../../conformance/log-store-suite.ts';

logStoreSuite('memory', () => memoryLogs());

it('keeps the latest records written, within its count', async () => {
  const store = memoryLogs({ maxRecords: 2 });
  store.append(['a', 'b', 'c'].map((id) => logRecord({ id })));
  expect((await store.list({ limit: 9 })).records.map(({ id }) => id)).toEqual(['c', 'b']);
  expect(store.get('a')).toBeUndefined();
});

it('keeps fewer records where they are large, and always the last', async () => {
  const store = memoryLogs({ maxBytes: 100_000 });
  const request = { text: 'x'.repeat(40_000) };
  for (const id of ['a', 'b', 'c']) store.append([logRecord({ id, request })]);
  expect((await store.list({ limit: 9 })).records.map(({ id }) => id)).toEqual(['c', 'b']);
  store.append([logRecord({ id: 'd', request: { text: 'x'.repeat(500_000) } })]);
  expect((await store.list({ limit: 9 })).records.map(({ id }) => id)).toEqual(['d']);
});
