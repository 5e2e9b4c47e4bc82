import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import type { LogFiguresQuery } from '../../src/core/log-figures.ts';
import type { LogQuery } from '../../src/core/log-query.ts';
import type { Feedback, LogRecord } from '../../src/core/log-record.ts';
import type { LogStore } from '../../src/core/log-store.ts';
import { cacheStatuses } from '../../src/core/reply.ts';
import { figuresSum } from '../../src/observe/logs/figures.ts';
import { byPosition, matches } from '../../src/observe/logs/matches.ts';

/** A record with these members; the others are those of a plain answer. */
export function logRecord(members: Partial<LogRecord> & Pick<LogRecord, 'id'>): LogRecord {
  return {
    traceId: 'trace',
    spanId: '00f067aa0ba902b7',
    startedAt: 1000,
    durationMs: 12,
    endpoint: 'chat/completions',
    outcome: 'success',
    status: 200,
    stream: false,
    provider: 'openai',
    model: 'gpt-4o',
    path: 'config',
    route: [{ path: 'config', mode: 'fallback' }],
    attempts: [{ path: 'config', targetId: 'x', provider: 'openai', retry: 0, startedAt: 1000, outcome: 'success' }],
    marks: [],
    cache: 'DISABLED',
    metadata: {},
    ...members,
  };
}

/** One of many records of every kind. */
function figuresRecord(index: number): LogRecord {
  const outcome = (['success', 'failure', 'success', 'aborted', 'success'] as const)[index % 5] ?? 'success';
  const marks = (['cache', 'retry', 'fallback', 'loadbalance'] as const).filter((_, bit) => (index >> bit) % 3 === 1);
  return logRecord({
    id: `figures-${index}`,
    startedAt: index * 7001.5,
    durationMs: index % 7 === 0 ? 0 : 0.07 * 1.33 ** (index % 40),
    outcome,
    status: outcome === 'failure' ? 500 : 200,
    provider: `provider ${index % 3}`,
    model: `model ${index % 4}`,
    marks,
    cache: cacheStatuses[index % 5] ?? 'DISABLED',
    ...(index % 6 === 0 ? {} : { configId: `pc-${index % 2}` }),
    ...(index % 4 === 0 ? {} : { usage: { promptTokens: index, completionTokens: 2 * index } }),
    ...(index % 3 === 0 ? {} : { cost: { microUsd: index * 11, source: 'config' } }),
    metadata: index % 5 === 0 ? {} : { plan: index % 2 === 0 ? 'pro' : 'free “1”' },
  });
}

const hourMs = 3_600_000;

/** The store's sums are those of the records one by one. */
async function expectSums(store: LogStore, records: readonly LogRecord[], query: LogFiguresQuery): Promise<void> {
  const sum = figuresSum(query);
  for (const record of records) if (matches(record, query)) sum.add(record);
  expect([query, await store.figures?.(query)]).toEqual([query, sum.figures()]);
}

const feedback = (members: Partial<Feedback> & Pick<Feedback, 'id'>): Feedback => ({
  traceId: 'trace',
  value: 1,
  weight: 1,
  metadata: {},
  createdAt: 1,
  ...members,
});

/** What every log store must do. `make` gives an empty one each time; it is closed after the test. */
export function logStoreSuite(name: string, make: () => LogStore | Promise<LogStore>): void {
  const open: LogStore[] = [];
  const fresh = async () => {
    const store = await make();
    open.push(store);
    return store;
  };
  afterEach(async () => {
    for (const store of open.splice(0)) await store.close();
  });
  const ids = async (store: LogStore, query: Omit<LogQuery, 'limit'> & { limit?: number }) =>
    (await store.list({ limit: 100, ...query })).records.map(({ id }) => id);

  it(`${name}: has nothing to begin with`, async () => {
    const store = await fresh();
    expect(await store.list({ limit: 10 })).toEqual({ records: [], hasMore: false });
    expect(await store.get('a')).toBeUndefined();
    expect(await store.feedbackOn(['a'])).toEqual([]);
    expect(await store.feedback('a')).toBeUndefined();
  });

  it(`${name}: gives a record back as it was, whatever its texts hold`, async () => {
    const store = await fresh();
    const texts = { 'ü 😀': "'; DROP TABLE log; --", '': '\u2028"\\', ['__proto__']: 'p', long: 'x'.repeat(5000) };
    const record = logRecord({
      id: 'a',
      traceId: "t'1",
      startedAt: 1234.5,
      parentSpanId: 'p',
      spanName: 'n',
      error: { kind: 'server', message: 'broken', code: 'c' },
      usage: { promptTokens: 1, completionTokens: 2, cachedTokens: 3 },
      cost: { microUsd: 17, source: 'genai-prices' },
      metadata: texts,
      request: { text: '{"a":"ü"}' },
      response: { text: '{"b":', isTruncated: true },
    });
    await store.append([record, logRecord({ id: 'b' })]);
    expect(await store.get('a')).toEqual(record);
    expect(await store.get('b')).toEqual(logRecord({ id: 'b' }));
  });

  it(`${name}: leaves bodies out of lists unless they are asked for`, async () => {
    const store = await fresh();
    const record = logRecord({ id: 'a', request: { text: '{}' }, response: { text: '[]' } });
    await store.append([record]);
    const { request: _request, response: _response, ...without } = record;
    expect((await store.list({ limit: 1 })).records).toEqual([without]);
    expect((await store.list({ limit: 1, bodies: true })).records).toEqual([record]);
  });

  it(`${name}: takes a batch twice as once, and the first record of an ID`, async () => {
    const store = await fresh();
    const batch = [logRecord({ id: 'a', metadata: { k: 'v' } }), logRecord({ id: 'b' })];
    await store.append(batch);
    await store.append([...batch, logRecord({ id: 'a', traceId: 'other' }), logRecord({ id: 'c' })]);
    expect(await ids(store, {})).toEqual(['c', 'b', 'a']);
    expect((await store.get('a'))?.traceId).toBe('trace');
    expect(await ids(store, { metadata: { k: 'v' } })).toEqual(['a']);
  });

  it(`${name}: lists the latest first, equal times by ID, whatever the order of writing`, async () => {
    const store = await fresh();
    await store.append([logRecord({ id: 'b', startedAt: 5 }), logRecord({ id: 'z', startedAt: 1 })]);
    await store.append([logRecord({ id: 'a', startedAt: 5 }), logRecord({ id: 'y', startedAt: 9 })]);
    expect(await ids(store, {})).toEqual(['y', 'b', 'a', 'z']);
  });

  it(`${name}: goes through pages without gap or repeat, also where records of one time are parted`, async () => {
    const store = await fresh();
    await store.append(['a', 'b', 'c', 'd', 'e'].map((id) => logRecord({ id, startedAt: id === 'e' ? 2 : 1 })));
    const seen: string[][] = [];
    for (let after: LogQuery['after']; ; ) {
      const { records, hasMore } = await store.list({ limit: 2, ...(after === undefined ? {} : { after }) });
      seen.push(records.map(({ id }) => id));
      const last = records.at(-1);
      if (!hasMore || last === undefined) break;
      after = { startedAt: last.startedAt, id: last.id };
    }
    expect(seen).toEqual([['e', 'd'], ['c', 'b'], ['a']]);
  });

  it.each<readonly [string, Omit<LogQuery, 'limit'>, readonly string[]]>([
    ['a trace', { traceId: 't2' }, ['d', 'b']],
    ['a trace nobody knows', { traceId: 'T2' }, []],
    ['an outcome', { outcome: 'failure' }, ['c', 'b']],
    ['success', { outcome: 'success' }, ['d', 'a']],
    ['one status', { statuses: [429] }, ['b']],
    ['several statuses', { statuses: [429, 200] }, ['d', 'b', 'a']],
    ['no status at all', { statuses: [] }, []],
    ['a provider', { provider: 'anthropic' }, ['d', 'c']],
    ['a model', { model: 'gpt-4o' }, ['b', 'a']],
    ['a virtual key', { virtualKey: 'vk' }, ['c']],
    ['a config', { configId: 'pc-1' }, ['a']],
    ['an endpoint', { endpoint: 'embeddings' }, ['d']],
    ['a mark', { mark: 'fallback' }, ['d', 'c']],
    ['another mark', { mark: 'loadbalance' }, ['d']],
    ['what the cache said', { cache: ['SEMANTIC HIT'] }, ['d']],
    ['one or another thing that the cache said', { cache: ['DISABLED', 'MISS'] }, ['c', 'b', 'a']],
    ['metadata', { metadata: { customer: 'Zoë' } }, ['d', 'a']],
    ['two facts of metadata', { metadata: { tier: '1', customer: 'Zoë' } }, ['a']],
    ['metadata nobody has', { metadata: { toString: 'x' } }, []],
    ['the times from', { from: 20 }, ['d', 'c', 'b']],
    ['the times to', { to: 20 }, ['a']],
    ['a time from and to', { from: 20, to: 40 }, ['c', 'b']],
    ['several facts', { provider: 'anthropic', mark: 'fallback', outcome: 'failure', from: 1 }, ['c']],
  ])(`${name}: finds by %s`, async (_, query, expected) => {
    const store = await fresh();
    await store.append([
      logRecord({ id: 'a', startedAt: 10, traceId: 't1', configId: 'pc-1', metadata: { customer: 'Zoë', tier: '1' } }),
      logRecord({ id: 'b', startedAt: 20, traceId: 't2', outcome: 'failure', status: 429, metadata: { tier: '1' } }),
      logRecord({
        id: 'c',
        startedAt: 30,
        traceId: 't3',
        outcome: 'failure',
        status: 500,
        provider: 'anthropic',
        model: 'claude',
        virtualKey: 'vk',
        marks: ['retry', 'fallback'],
        cache: 'MISS',
      }),
      logRecord({
        id: 'd',
        startedAt: 40,
        traceId: 't2',
        provider: 'anthropic',
        model: 'claude',
        endpoint: 'embeddings',
        marks: ['fallback', 'loadbalance'],
        cache: 'SEMANTIC HIT',
        metadata: { customer: 'Zoë' },
      }),
    ]);
    expect(await ids(store, query)).toEqual(expected);
  });

  it(`${name}: tells long and strange texts apart to the last letter`, async () => {
    const store = await fresh();
    const long = 'ü'.repeat(3000);
    const given: readonly (readonly [string, string])[] = [
      ['a', `${long}1`],
      ['b', `${long}2`],
      ['c', 'nul\u0000one'],
      ['d', 'nul\u0000two'],
      ['e', '\ud800'],
      ['f', "'"],
      ['g', '%'],
      ['h', 'A'],
      ['i', 'a'],
    ];
    await store.append(
      given.map(([id, text]) => logRecord({ id, traceId: text, model: text, metadata: { [text]: text } })),
    );
    for (const [id, text] of given) {
      expect(await ids(store, { traceId: text, model: text, metadata: { [text]: text } })).toEqual([id]);
      expect((await store.get(id))?.metadata).toEqual({ [text]: text });
    }
  });

  it(`${name}: keeps a record without status, provider and model`, async () => {
    const store = await fresh();
    const { status: _s, provider: _p, model: _m, ...bare } = logRecord({ id: 'a', outcome: 'aborted' });
    await store.append([bare]);
    expect(await store.get('a')).toEqual(bare);
    expect(await ids(store, { outcome: 'aborted' })).toEqual(['a']);
  });

  it(`${name}: finds what a plain search over all records finds`, async () => {
    const store = await fresh();
    const records = Array.from({ length: 120 }, (_, index) =>
      logRecord({
        id: `r${String((index * 37) % 120).padStart(3, '0')}`,
        startedAt: (index * 7) % 30,
        traceId: `t${index % 5}`,
        outcome: index % 3 === 0 ? 'failure' : 'success',
        status: [200, 429, 500][index % 3] ?? 200,
        provider: ['openai', 'anthropic'][index % 2] ?? '',
        marks: index % 4 === 0 ? ['retry'] : [],
        cache: cacheStatuses[index % 7] ?? 'DISABLED',
        metadata: index % 6 === 0 ? { k: String(index % 4) } : {},
      }),
    );
    for (let at = 0; at < records.length; at += 50) await store.append(records.slice(at, at + 50));
    const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
    const position = fc.record({
      startedAt: fc.integer({ min: 0, max: 30 }),
      id: fc.constantFrom('r000', 'r060', 'r119'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          traceId: maybe(fc.constantFrom('t1', 't4')),
          outcome: maybe(fc.constantFrom('failure' as const, 'success' as const)),
          statuses: maybe(fc.subarray([200, 429, 500])),
          provider: maybe(fc.constantFrom('openai', 'anthropic')),
          mark: maybe(fc.constant('retry' as const)),
          cache: maybe(fc.subarray([...cacheStatuses], { minLength: 1 })),
          metadata: maybe(fc.constantFrom({ k: '0' }, { k: '2' })),
          from: maybe(fc.integer({ min: 0, max: 30 })),
          to: maybe(fc.integer({ min: 0, max: 30 })),
          after: maybe(position),
          limit: fc.integer({ min: 1, max: 40 }),
        }),
        async (given) => {
          const query = Object.fromEntries(
            Object.entries(given).filter(([, value]) => value !== undefined),
          ) as unknown as LogQuery;
          const expected = records
            .filter(
              (record) => matches(record, query) && (query.after === undefined || byPosition(query.after, record) < 0),
            )
            .sort(byPosition);
          const page = await store.list(query);
          expect(page.records.map(({ id }) => id)).toEqual(expected.slice(0, query.limit).map(({ id }) => id));
          expect(page.hasMore).toBe(expected.length > query.limit);
        },
      ),
      { numRuns: 60 },
    );
  });

  it(`${name}: sums up what matches, by time and group, as going through the records does`, async () => {
    const store = await fresh();
    const records = Array.from({ length: 120 }, (_, index) => figuresRecord(index));
    await store.append(records);
    const groups = [
      'provider',
      'model',
      'configId',
      'status',
      'endpoint',
      'virtualKey',
      'metadata.plan',
      'metadata.none',
    ] as const;
    const queries: readonly LogFiguresQuery[] = [
      {},
      ...groups.map((by) => ({ by })),
      { everyMs: 60_000 },
      { everyMs: 60_000, by: 'provider', from: 100_000, to: 400_000 },
      { everyMs: 3600_000, by: 'metadata.plan', metadata: { plan: 'pro' }, outcome: 'failure' },
      { mark: 'fallback', statuses: [200, 500] },
      { cache: ['MISS', 'HIT'], by: 'model' },
      { statuses: [] },
      { traceId: 'nobody' },
    ];
    for (const query of queries) await expectSums(store, records, query);
  });

  it(`${name}: sums up many hours, before and after some of them change`, async () => {
    const store = await fresh();
    // 23.3 minutes apart: over 46 hours, some of them without a record.
    const records = Array.from({ length: 120 }, (_, index) => {
      const record = figuresRecord(index);
      return { ...record, startedAt: record.startedAt * 200 + (index % 3) * 10 * hourMs };
    });
    const all = async (kept: readonly LogRecord[]) => {
      const times = [{}, { from: 5.5 * hourMs }, { to: 30.25 * hourMs }, { from: 7 * hourMs, to: 40 * hourMs }];
      const wishes: readonly LogFiguresQuery[] = [
        {},
        { everyMs: hourMs },
        { everyMs: 24 * hourMs, by: 'model' },
        { by: 'status', outcome: 'success' },
        { by: 'configId', mark: 'retry' },
        { everyMs: 2 * hourMs, cache: ['MISS'], provider: 'provider 1' },
        { by: 'virtualKey', statuses: [500] },
        { everyMs: 60_000, endpoint: 'chat/completions' },
        { by: 'metadata.plan' },
      ];
      for (const wish of wishes) for (const time of times) await expectSums(store, kept, { ...wish, ...time });
    };
    await store.append(records);
    await all(records);
    await all(records);
    const late = [1.5, 9.5, 9.6, 45.2].map((hour, index) => ({
      ...figuresRecord(200 + index),
      startedAt: hour * hourMs,
    }));
    await store.append(late);
    await all([...records, ...late]);
    await store.prune({ before: 12.3 * hourMs });
    await all([...records, ...late].filter(({ startedAt }) => startedAt >= 12.3 * hourMs));
  });

  it(`${name}: keeps feedback by its trace, the oldest first, also of traces without a record`, async () => {
    const store = await fresh();
    await store.putFeedback(feedback({ id: 'f2', createdAt: 2, metadata: { by: 'Zoë' } }));
    await store.putFeedback(feedback({ id: 'f1', createdAt: 1 }));
    await store.putFeedback(feedback({ id: 'f3', traceId: 'other', createdAt: 0 }));
    expect((await store.feedbackOn(['trace'])).map(({ id }) => id)).toEqual(['f1', 'f2']);
    expect((await store.feedbackOn(['trace', 'other', 'none'])).map(({ id }) => id)).toEqual(['f3', 'f1', 'f2']);
    expect(await store.feedbackOn([])).toEqual([]);
    expect(await store.feedback('f2')).toEqual(feedback({ id: 'f2', createdAt: 2, metadata: { by: 'Zoë' } }));
  });

  it(`${name}: replaces feedback of the same ID`, async () => {
    const store = await fresh();
    await store.putFeedback(feedback({ id: 'f', value: 1 }));
    await store.putFeedback(feedback({ id: 'f', value: -5 }));
    expect((await store.feedbackOn(['trace'])).map(({ value }) => value)).toEqual([-5]);
  });

  it(`${name}: removes what is too old, and of too many the oldest`, async () => {
    const store = await fresh();
    const times = [5, 1, 3, 3, 2, 9];
    await store.append(
      times.map((startedAt, index) =>
        logRecord({ id: `r${index}`, startedAt, metadata: { k: 'v' }, request: { text: '{}' } }),
      ),
    );
    expect(await store.prune({})).toBe(0);
    expect(await store.prune({ before: 2 })).toBe(1);
    expect(await ids(store, {})).toEqual(['r5', 'r0', 'r3', 'r2', 'r4']);
    expect(await store.prune({ records: 3 })).toBe(2);
    expect(await ids(store, {})).toEqual(['r5', 'r0', 'r3']);
    expect(await ids(store, { metadata: { k: 'v' } })).toEqual(['r5', 'r0', 'r3']);
    expect(await store.prune({ before: 6, records: 3 })).toBe(2);
    expect(await store.prune({ records: 0 })).toBe(1);
    expect(await ids(store, {})).toEqual([]);
  });
}
