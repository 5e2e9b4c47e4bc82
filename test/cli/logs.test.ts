import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../../src/cli/main.ts';
import { openSqliteLogs } from '../../src/observe/logs/sqlite.ts';
import { logRecord } from '../conformance/log-store-suite.ts';
import { recordingServer } from '../e2e/recording-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'modelmux-cli-logs-'));
const file = join(folder, 'logs.db');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  const store = await openSqliteLogs(file);
  await store.append([
    logRecord({
      id: 'a',
      startedAt: Date.UTC(2026, 0, 31, 12),
      traceId: 't-1',
      requestedModel: 'gpt-4o',
      usage: { promptTokens: 10, completionTokens: 5 },
      cost: { microUsd: 250, source: 'genai-prices' },
      marks: ['fallback'],
      attempts: [
        {
          path: 'config.targets[0]',
          targetId: 'x',
          provider: 'openai',
          model: 'gpt-4o',
          retry: 0,
          startedAt: 1000,
          durationMs: 11,
          status: 200,
          outcome: 'success',
        },
      ],
      metadata: { customer: 'Zoë' },
    }),
    logRecord({
      id: 'b',
      startedAt: Date.UTC(2026, 0, 31, 13),
      traceId: 't-\u001b[31m2',
      outcome: 'failure',
      status: 429,
      error: { kind: 'rate_limit', message: 'slow down' },
    }),
  ]);
  await store.close();
});

async function finished(argv: readonly string[], env: Record<string, string> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await run(['logs', ...argv], {
    stdout: (text) => void out.push(text),
    stderr: (text) => void err.push(text),
    env,
    isTty: false,
    signal: new AbortController().signal,
    readInput: async () => '',
  });
  return { code, out: out.join(''), err: err.join('') };
}

it('lists what was called, the latest first, without what would move the cursor', async () => {
  expect(await finished(['--file', file])).toEqual({
    code: 0,
    err: '',
    out: [
      'time                 trace     call                     answered by    status          ms  tokens  cost       marks',
      '2026-01-31 13:00:00  t-?[31m2  chat/completions         openai config  429 rate_limit  12',
      '2026-01-31 12:00:00  t-1       chat/completions gpt-4o  openai config  200             12  15      $0.000250  fallback',
      '',
    ].join('\n'),
  });
});

it.each([
  [['--status', '429,500'], ['429 rate_limit']],
  [['--outcome', 'success'], ['200']],
  [['--mark', 'fallback', '--metadata', 'customer=Zoë'], ['200']],
  [['--cache', 'DISABLED', '--status', '429'], ['429 rate_limit']],
  [['--since', '2026-01-31T12:30:00Z'], ['429 rate_limit']],
  [['--limit', '1'], ['429 rate_limit']],
])('finds by %j', async (flags, expected) => {
  const { out } = await finished(['-f', file, ...flags]);
  const lines = out.trim().split('\n').slice(1);
  expect(lines).toHaveLength(expected.length);
  for (const [index, part] of expected.entries()) expect(lines[index]).toContain(part);
});

it('shows the tree of a trace', async () => {
  const { out } = await finished(['--file', file, '--trace', 't-1']);
  expect(out).toBe(`t-1: 1 call, 1 attempt, 15 tokens, $0.000250, 12 ms
└─ chat/completions gpt-4o: success 200, 12 ms, 10 + 5 tokens, $0.000250
   └─ fallback (config)
      └─ ✔ config.targets[0] (openai gpt-4o): 200, 11 ms
`);
});

it('writes JSON lines', async () => {
  const { out } = await finished(['--file', file, '--json', '--limit', '1']);
  expect(
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).response_status_code),
  ).toEqual([429]);
});

it('asks a gateway, with its key', async () => {
  await using server = await recordingServer(() => ({
    json: { object: 'list', data: [], has_more: false, next: null },
  }));
  const { out } = await finished(['--gateway', server.url, '--provider', 'openai'], { PORTKEY_API_KEY: 'pk' });
  expect(out).toBe('Nothing was logged that matches.\n');
  expect(server.received).toMatchObject([
    { url: '/v1/logs?provider=openai&limit=20', headers: { 'x-portkey-api-key': 'pk' } },
  ]);
});

it.each<readonly [string, readonly string[], number, string]>([
  ['nowhere to look', [], 1, 'Say where the logs are: --file, --postgres or --gateway.'],
  ['a file that is not there', ['--file', join(folder, 'none.db')], 1, 'There is no log file'],
  ['a trace nobody knows', ['--file', file, '--trace', 'x'], 1, 'There are no logs of trace "x".'],
  ['no time', ['--file', file, '--since', 'monday'], 1, '"monday" is no time.'],
  ['no statuses', ['--file', file, '--status', 'bad'], 2, 'Give statuses such as 429 or 500,503.'],
  ['two places', ['--file', file, '--gateway', 'http://x/v1'], 2, 'cannot be used with'],
])('says what is wrong with %s', async (_, argv, code, message) => {
  const result = await finished(argv);
  expect(result.code).toBe(code);
  expect(result.err).toContain(message);
});
