import { expect, it } from 'vitest';
import { createEventHub } from '../../../src/core/event-hub.ts';
import type { LogRecord } from '../../../src/core/log-record.ts';
import type { LogStore } from '../../../src/core/log-store.ts';
import { memoryLogs } from '../../../src/observe/logs/memory.ts';
import { createLogWriter } from '../../../src/observe/logs/writer.ts';
import { logRecord } from '../../conformance/log-store-suite.ts';
import { manualClock } from '../../support/manual-clock.ts';

/** A writer over a store that does what `append` says, on a manual clock. */
function setUp(
  append: (records: readonly LogRecord[]) => unknown,
  more: { batch?: boolean; maxWaiting?: number } = {},
) {
  const clock = manualClock();
  const events = createEventHub();
  const warnings: string[] = [];
  events.on('warning', ({ code, message }) => warnings.push(`${code}: ${message}`));
  const batches: string[][] = [];
  const store: LogStore = {
    ...memoryLogs(),
    ...(more.batch === false ? {} : { batch: { records: 3, delayMs: 200 } }),
    append(records) {
      batches.push(records.map(({ id }) => id));
      return append(records);
    },
  };
  const { maxWaiting } = more;
  const writer = createLogWriter(store, {
    clock,
    background: clock,
    events,
    ...(maxWaiting === undefined ? {} : { maxWaiting }),
  });
  let added = 0;
  const add = (count: number) => {
    for (let i = 0; i < count; i++) {
      const id = `r${++added}`;
      writer.add(() => logRecord({ id }));
    }
  };
  return { clock, writer, batches, warnings, add };
}

/** Lets promises that are ready go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

it('hands records over when their time has come, together', async () => {
  const { clock, batches, add } = setUp(() => undefined);
  add(2);
  clock.advance(199);
  expect(batches).toEqual([]);
  clock.advance(1);
  expect(batches).toEqual([['r1', 'r2']]);
  expect(clock.pending).toBe(0);
});

it('hands a full batch over at once, but not within the request', async () => {
  const { clock, batches, add } = setUp(() => undefined);
  add(4);
  expect(batches).toEqual([]);
  clock.advance(0);
  expect(batches).toEqual([['r1', 'r2', 'r3'], ['r4']]);
  expect(clock.pending).toBe(0);
});

it('starts no timer for a store that costs nothing, and hands over when somebody looks', async () => {
  const { clock, writer, batches, add } = setUp(() => undefined, { batch: false });
  add(15);
  expect([clock.pending, batches.length]).toEqual([0, 0]);
  add(1);
  expect(batches.map((batch) => batch.length)).toEqual([16]);
  add(1);
  await writer.flush();
  expect(batches.map((batch) => batch.length)).toEqual([16, 1]);
});

it('writes one batch after the other while the store takes its time', async () => {
  const open: (() => void)[] = [];
  const { clock, batches, add } = setUp(() => new Promise<void>((resolve) => open.push(resolve)));
  add(3);
  clock.advance(0);
  add(4);
  await settle();
  expect(batches).toEqual([['r1', 'r2', 'r3']]);
  open.shift()?.();
  await settle();
  expect(batches).toEqual([
    ['r1', 'r2', 'r3'],
    ['r4', 'r5', 'r6'],
  ]);
});

it('gives a batch that failed to the store again, a second later, and loses nothing', async () => {
  let failures = 2;
  const { clock, batches, warnings, add } = setUp(() => {
    if (failures-- > 0) throw new Error('disk full');
  });
  add(1);
  clock.advance(200);
  add(5);
  expect(batches).toEqual([['r1']]);
  clock.advance(2000);
  expect(batches).toEqual([['r1'], ['r1'], ['r1'], ['r2', 'r3', 'r4'], ['r5', 'r6']]);
  expect(warnings).toEqual([]);
});

it('gives a batch up that failed five times, says so, and goes on with the next', async () => {
  const { clock, batches, warnings, add } = setUp((records) =>
    records.some(({ id }) => id === 'r1')
      ? Promise.reject(Object.assign(new Error('sk-secret'), { code: 'EBAD' }))
      : undefined,
  );
  add(3);
  for (let second = 0; second < 5; second++) {
    clock.advance(second === 0 ? 0 : 1000);
    await settle();
  }
  expect(batches).toHaveLength(5);
  expect(warnings).toEqual(['logs: 3 log records were dropped: the log store failed 5 times (Error EBAD).']);
  add(3);
  clock.advance(0);
  expect(batches.at(-1)).toEqual(['r4', 'r5', 'r6']);
});

it('takes a store that does not answer within 30 s for one that failed', async () => {
  const { clock, batches, warnings, add } = setUp(() => new Promise(() => undefined));
  add(1);
  clock.advance(200);
  for (let tries = 0; tries < 5; tries++) {
    await settle();
    clock.advance(30_000);
    await settle();
    clock.advance(1000);
  }
  expect(batches).toHaveLength(5);
  expect(warnings).toEqual([
    'logs: 1 log record was dropped: the log store failed 5 times (no answer within 30000 ms).',
  ]);
});

it('keeps so many waiting and drops the oldest, with one warning in 10 s that counts them', async () => {
  const { clock, batches, warnings, add } = setUp(() => new Promise(() => undefined), { maxWaiting: 20 });
  add(3);
  clock.advance(0);
  add(24);
  expect(warnings).toEqual(['logs: 2 log records were dropped: the log store is too slow.']);
  clock.advance(10_000);
  add(2);
  expect(warnings).toHaveLength(2);
  expect(warnings[1]).toBe('logs: 4 log records were dropped: the log store is too slow.');
  expect(batches).toEqual([['r1', 'r2', 'r3']]);
});

it('drops a record that cannot be made, and only that', async () => {
  const { clock, writer, batches, warnings, add } = setUp(() => undefined);
  add(1);
  writer.add(() => {
    throw new TypeError('bad event');
  });
  add(1);
  clock.advance(0);
  expect(batches).toEqual([['r1', 'r2']]);
  expect(warnings).toEqual(['logs: 1 log record was dropped: it could not be made (TypeError).']);
});

it('writes what waits when it is flushed, also while another batch is under way', async () => {
  const { clock, writer, batches, add } = setUp(() => settle());
  add(3);
  clock.advance(0);
  add(1);
  await writer.flush();
  expect(batches).toEqual([['r1', 'r2', 'r3'], ['r4']]);
});

it('writes what waits when it is closed, says what it could not write, and takes nothing more', async () => {
  const good = setUp(() => undefined);
  good.add(2);
  await good.writer.close();
  good.add(1);
  expect([good.batches, good.clock.pending, good.warnings]).toEqual([[['r1', 'r2']], 0, []]);

  const bad = setUp(() => Promise.reject(new Error('down')));
  bad.add(2);
  await bad.writer.close();
  expect([bad.clock.pending, bad.warnings]).toEqual([0, ['logs: 2 log records were dropped: the client was closed.']]);
});
