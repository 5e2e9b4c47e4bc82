import { describe, expect, it } from 'vitest';
import type { LogAttempt, LogRecord } from '../../../src/core/log-record.ts';
import { type TraceSpan, toTrace } from '../../../src/observe/logs/trace.ts';
import { traceText } from '../../../src/observe/logs/trace-text.ts';
import { logRecord } from '../../conformance/log-store-suite.ts';

const attempt = (path: string, startedAt: number, more: Partial<LogAttempt> = {}): LogAttempt => ({
  path,
  targetId: 'x',
  provider: 'openai',
  model: 'gpt-4o',
  retry: 0,
  startedAt,
  durationMs: 10,
  outcome: 'success',
  status: 200,
  ...more,
});
const failed = { outcome: 'failure', status: 500, errorKind: 'server' } as const;

/** A span in short: its name, and its children in brackets. */
function short(span: TraceSpan): unknown {
  if (span.kind === 'attempt') return `${span.attempt.path} ${span.attempt.outcome}`;
  const name = span.kind === 'node' ? `${span.mode} ${span.path}` : span.record.id;
  return [name, ...span.children.map(short)];
}

const shape = (records: readonly LogRecord[]) => toTrace('t', records, [])?.spans.map(short);

describe('the tree of a trace', () => {
  it('has a child for each node and try on the way, in their order', () => {
    const record = logRecord({
      id: 'r',
      route: [
        { path: 'config', mode: 'fallback' },
        { path: 'config.targets[0]', mode: 'loadbalance' },
        { path: 'config.targets[1]', mode: 'conditional' },
      ],
      attempts: [
        attempt('config.targets[0].targets[1]', 1000, failed),
        attempt('config.targets[0].targets[1]', 1020, failed),
        attempt('config.targets[1].targets[0]', 1050),
      ],
    });
    expect(shape([record])).toEqual([
      [
        'r',
        [
          'fallback config',
          [
            'loadbalance config.targets[0]',
            'config.targets[0].targets[1] failure',
            'config.targets[0].targets[1] failure',
          ],
          ['conditional config.targets[1]', 'config.targets[1].targets[0] success'],
        ],
      ],
    ]);
    const [root] = toTrace('t', [record], [])?.spans ?? [];
    const node = root?.kind === 'request' ? root.children[0] : undefined;
    expect(node).toMatchObject({ kind: 'node', startedAt: 1000, durationMs: 60 });
  });

  it('has tries right below the call where the config is one target', () => {
    expect(shape([logRecord({ id: 'r', route: [], attempts: [attempt('config', 1)] })])).toEqual([
      ['r', 'config success'],
    ]);
  });

  it('has calls below the call whose span they name as their parent, the others beside it', () => {
    const bare = { route: [], attempts: [] };
    const records = [
      logRecord({ id: 'child', startedAt: 3, spanId: 's2', parentSpanId: 's1', ...bare }),
      logRecord({ id: 'grandchild', startedAt: 4, spanId: 's3', parentSpanId: 's2', ...bare }),
      logRecord({ id: 'root', startedAt: 1, spanId: 's1', parentSpanId: 'of another system', ...bare }),
      logRecord({ id: 'beside', startedAt: 2, spanId: 's4', ...bare }),
    ];
    expect(shape(records)).toEqual([['root', ['child', ['grandchild']]], ['beside']]);
  });

  it('ends where calls name each other, or themselves, as parents', () => {
    const bare = { route: [], attempts: [] };
    const records = [
      logRecord({ id: 'a', startedAt: 1, spanId: 's1', parentSpanId: 's2', ...bare }),
      logRecord({ id: 'b', startedAt: 2, spanId: 's2', parentSpanId: 's1', ...bare }),
      logRecord({ id: 'c', startedAt: 3, spanId: 's3', parentSpanId: 's3', ...bare }),
      logRecord({ id: 'd', startedAt: 4, spanId: 's4', parentSpanId: 's1', ...bare }),
    ];
    expect(shape(records)).toEqual([['a', ['d']], ['b'], ['c']]);
  });

  it('is none without calls', () => {
    expect(toTrace('t', [], [])).toBeUndefined();
  });

  it('has totals over all calls', () => {
    const records = [
      logRecord({ id: 'a', startedAt: 100, durationMs: 50, usage: { promptTokens: 1, completionTokens: 2 } }),
      logRecord({
        id: 'b',
        startedAt: 120,
        durationMs: 100,
        outcome: 'failure',
        cost: { microUsd: 5, source: 'config' },
      }),
    ];
    expect(toTrace('t', records, [])).toMatchObject({
      startedAt: 100,
      durationMs: 120,
      totals: { requests: 2, attempts: 2, failures: 1, promptTokens: 1, completionTokens: 2, costMicroUsd: 5 },
    });
    expect(toTrace('t', records.slice(0, 1), [])?.totals).not.toHaveProperty('costMicroUsd');
  });
});

it('is written as lines for a terminal', () => {
  const records = [
    logRecord({
      id: 'r',
      startedAt: 1000,
      durationMs: 2130,
      requestedModel: 'gpt-3.5-turbo',
      configId: 'pc-main',
      spanName: 'answer',
      usage: { promptTokens: 12, completionTokens: 30 },
      cost: { microUsd: 1234, source: 'genai-prices' },
      route: [
        { path: 'config', mode: 'loadbalance' },
        { path: 'config.targets[1]', mode: 'fallback' },
      ],
      attempts: [
        attempt('config.targets[1].targets[0]', 1000, { ...failed, virtualKey: 'openai-prod' }),
        attempt('config.targets[1].targets[0]', 2010, {
          ...failed,
          virtualKey: 'openai-prod',
          retry: 1,
          reason: { kind: 'retry', after: 'server', waitedMs: 1000 },
        }),
        attempt('config.targets[1].targets[1]', 2030, {
          name: 'backup',
          provider: 'azure-openai',
          durationMs: 1100,
          firstTokenMs: 90,
          usage: { promptTokens: 12, completionTokens: 30 },
          reason: { kind: 'fallback', after: 'server', waitedMs: 0 },
        }),
      ],
    }),
    logRecord({ id: 'hit', startedAt: 4000, durationMs: 1, cache: 'HIT', route: [], attempts: [] }),
    logRecord({
      id: 'gone',
      startedAt: 5000,
      durationMs: 5,
      outcome: 'aborted',
      route: [],
      attempts: [{ ...attempt('config', 5000), outcome: 'aborted' as const, durationMs: 5 }],
    }),
  ];
  const feedback = [{ id: 'f', traceId: 't', value: -3, weight: 0.5, metadata: {}, createdAt: 1 }];
  const trace = toTrace('t', records, feedback);
  expect(trace && traceText(trace)).toBe(
    `t: 3 calls, 1 failed, 4 attempts, 42 tokens, $0.001234, 4.00 s, feedback -3 (weight 0.5)
├─ answer gpt-3.5-turbo: success 200, 2.13 s, 12 + 30 tokens, $0.001234, config pc-main
│  └─ loadbalance (config)
│     └─ fallback (config.targets[1])
│        ├─ ✘ openai-prod (openai gpt-4o): 500 server, 10 ms
│        ├─ ✘ openai-prod (openai gpt-4o) (retry 1): 500 server, 10 ms, after a wait of 1.00 s
│        └─ ✔ backup (azure-openai gpt-4o): 200, 1.10 s, first token 90 ms, 12 + 30 tokens
├─ chat/completions: success 200, 1 ms, cache HIT
└─ chat/completions: aborted 200, 5 ms
   └─ – config (openai gpt-4o): 200 aborted, 5 ms
`,
  );
});
