import { openSqliteLogs } from '../../src/observe/logs/sqlite.ts';

// Writes batches of ten records into the file given until it is killed, and says the number of each batch that is written.
const [, , file = '', round = ''] = process.argv;
const store = await openSqliteLogs(file);
for (let batch = 1; ; batch++) {
  await store.append(
    Array.from({ length: 10 }, (_, index) => ({
      id: `${round}-${batch}-${index}`,
      traceId: `${round}-${batch}`,
      spanId: 's',
      startedAt: batch,
      durationMs: 1,
      endpoint: 'chat/completions',
      outcome: 'success' as const,
      stream: false,
      route: [],
      attempts: [],
      marks: [],
      cache: 'DISABLED' as const,
      metadata: { batch: `${round}-${batch}` },
      request: { text: JSON.stringify({ text: 'x'.repeat(2000) }) },
    })),
  );
  process.stdout.write(`${batch}\n`);
}
