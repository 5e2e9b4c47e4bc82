import { expect, it } from 'vitest';
import { liveKeys, type Snapshot, type VaultFile } from '../../src/vault/live-keys.ts';
import { newParameters } from '../../src/vault/sealed-box.ts';
import { manualClock } from '../support/manual-clock.ts';
import { eventLog } from './event-log.ts';

const parameters = newParameters({ log2N: 4, r: 1, p: 1 });
const snapshot = (fingerprint: string, apiKey: string): Snapshot => ({
  fingerprint,
  parameters,
  entries: [{ slug: 'a', provider: 'openai', apiKey, settings: {}, createdAt: '2025-01-01T00:00:00.000Z' }],
});

/** A file whose reads end when the test says so. */
function slowFile() {
  const reads: ((read: Snapshot) => void)[] = [];
  let fingerprint = 'opened';
  const file: VaultFile = {
    read: () => new Promise((resolve) => reads.push(resolve)),
    fingerprint: async () => fingerprint,
    update: async () => snapshot('ours', 'written here'),
  };
  return { file, reads, setFingerprint: (next: string) => (fingerprint = next) };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

it('a change made here is not undone by a read begun before it', async () => {
  const [clock, { file, reads, setFingerprint }] = [manualClock(), slowFile()];
  const keys = liveKeys(file, snapshot('opened', 'opened'), { clock, events: eventLog() });
  setFingerprint('by others');
  clock.advance(1000);
  const reading = keys.get('a');
  await settle();
  await keys.change((entries) => entries);
  reads[0]?.(snapshot('by others', 'older'));
  expect((await reading)?.apiKey).toBe('written here');
});

it('lookups at the same time share one look at the file', async () => {
  const [clock, { file, reads, setFingerprint }] = [manualClock(), slowFile()];
  const keys = liveKeys(file, snapshot('opened', 'opened'), { clock, events: eventLog() });
  setFingerprint('by others');
  clock.advance(1000);
  const lookups = [keys.get('a'), keys.get('a')];
  await settle();
  lookups.push(keys.get('a'));
  reads[0]?.(snapshot('by others', 'new'));
  expect((await Promise.all(lookups)).map((found) => found?.apiKey)).toEqual(['new', 'new', 'new']);
  expect(reads).toHaveLength(1);
});

it('an unchanged file is not read, and the next lookup within a second answers at once', async () => {
  const [clock, { file, reads }] = [manualClock(), slowFile()];
  const keys = liveKeys(file, snapshot('opened', 'opened'), { clock, events: eventLog() });
  clock.advance(1000);
  expect((await keys.get('a'))?.apiKey).toBe('opened');
  expect(keys.get('a')).toMatchObject({ apiKey: 'opened' });
  expect(reads).toEqual([]);
});
