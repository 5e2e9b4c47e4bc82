import { expect, it } from 'vitest';
import { heedAnswer, heedFailure, readQuotas, upstreamLimit } from '../../../src/routing/middleware/upstream-limit.ts';
import { createUpstreamGate } from '../../../src/routing/state/upstream-gate.ts';
import { failure } from '../../support/engine.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const demand = { inputTokens: 60, outputTokens: 40, isOutputGuessed: false, model: 'm', metadata: {} };

it.each<[string, Record<string, string>, unknown]>([
  [
    'OpenAI',
    {
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '59',
      'x-ratelimit-reset-requests': '1s',
      'x-ratelimit-limit-tokens': '150000',
      'x-ratelimit-remaining-tokens': '149984',
      'x-ratelimit-reset-tokens': '6m0s',
    },
    [
      { of: 'requests', remaining: 59, limit: 60, fullAt: now + 1000 },
      { of: 'tokens', remaining: 149_984, limit: 150_000, fullAt: now + 360_000 },
    ],
  ],
  [
    'Anthropic',
    {
      'anthropic-ratelimit-requests-limit': '50',
      'anthropic-ratelimit-requests-remaining': '0',
      'anthropic-ratelimit-requests-reset': '2026-01-01T00:00:30Z',
      'anthropic-ratelimit-input-tokens-limit': '40000',
      'anthropic-ratelimit-input-tokens-remaining': '39000',
      'anthropic-ratelimit-input-tokens-reset': '2026-01-01T00:00:01Z',
      'anthropic-ratelimit-output-tokens-remaining': '8000',
      'anthropic-ratelimit-output-tokens-reset': '2026-01-01T00:00:00Z',
    },
    [
      { of: 'requests', remaining: 0, limit: 50, fullAt: now + 30_000 },
      { of: 'input_tokens', remaining: 39_000, limit: 40_000, fullAt: now + 1000 },
      { of: 'output_tokens', remaining: 8000, fullAt: now },
    ],
  ],
  ['milliseconds', { 'x-ratelimit-remaining-requests': '1', 'x-ratelimit-reset-requests': '120ms' }, 120],
  [
    'minutes and parts of a second',
    { 'x-ratelimit-remaining-requests': '1', 'x-ratelimit-reset-requests': '2m59.56s' },
    179_560,
  ],
  ['hours', { 'x-ratelimit-remaining-requests': '1', 'x-ratelimit-reset-requests': '1h0m2s' }, 3_602_000],
  ['days', { 'x-ratelimit-remaining-requests': '1', 'x-ratelimit-reset-requests': '1d' }, 86_400_000],
  ['plain seconds', { 'x-ratelimit-remaining-requests': '1', 'x-ratelimit-reset-requests': '12' }, 12_000],
  ['no number', { 'x-ratelimit-remaining-requests': 'many', 'x-ratelimit-reset-requests': '1s' }, []],
  ['an empty one', { 'x-ratelimit-remaining-requests': '', 'x-ratelimit-reset-requests': '1s' }, []],
  ['less than nothing', { 'x-ratelimit-remaining-requests': '-1', 'x-ratelimit-reset-requests': '1s' }, []],
  ['no time', { 'x-ratelimit-remaining-requests': '1', 'x-ratelimit-reset-requests': 'soon' }, []],
  ['no time at all', { 'x-ratelimit-remaining-requests': '1' }, []],
  ['nothing', {}, []],
])('reads what is left from the headers of %s', (_, headers, expected) => {
  const readings = readQuotas(headers, now);
  if (typeof expected === 'number') expect(readings.map(({ fullAt }) => fullAt - now)).toEqual([expected]);
  else expect(readings).toEqual(expected);
});

const left = (requests: string, reset: string, limit?: string) => ({
  'x-ratelimit-remaining-requests': requests,
  'x-ratelimit-reset-requests': reset,
  ...(limit === undefined ? {} : { 'x-ratelimit-limit-requests': limit }),
});

it('opens when enough has come back, evenly over the time the provider tells', () => {
  const gate = createUpstreamGate();
  heedAnswer(gate, left('0', '60s', '60'), now);
  expect(gate.readyAt(demand, now)).toBe(now + 1000);
  heedAnswer(gate, left('0', '60s'), now);
  expect(gate.readyAt(demand, now)).toBe(now + 60_000);
  expect(gate.readyAt(demand, now + 60_000)).toBe(0);
  heedAnswer(gate, left('5', '60s', '60'), now);
  expect(gate.readyAt(demand, now)).toBe(0);
});

it('takes off what goes out until the provider says anew', () => {
  const gate = createUpstreamGate();
  const limit = upstreamLimit(gate, 'config');
  heedAnswer(
    gate,
    { 'x-ratelimit-remaining-tokens': '150', 'x-ratelimit-reset-tokens': '10s', 'x-ratelimit-limit-tokens': '1000' },
    now,
  );
  expect(limit.readyAt(demand, now)).toBe(0);
  limit.reserve(demand, now).settle(undefined, now);
  expect(limit.readyAt(demand, now)).toBeGreaterThan(now);
  expect(limit.refusal(demand, now)).toMatchObject({ code: 'upstream_rate_limit', status: 429 });
  heedAnswer(gate, { 'x-ratelimit-remaining-tokens': '900', 'x-ratelimit-reset-tokens': '1s' }, now);
  expect(limit.readyAt(demand, now)).toBe(0);
});

it.each([
  ['seconds of a 429', { status: 429, headers: { 'retry-after': '3' } }, 3000],
  ['milliseconds of a 503', { status: 503, headers: { 'retry-after-ms': '1500' } }, 1500],
  ['a date', { status: 429, headers: { 'retry-after': new Date(now + 5000).toUTCString() } }, 5000],
  ['an absurd time for ten minutes', { status: 429, headers: { 'retry-after': '99999999' } }, 600_000],
  ['an absurd reset for ten minutes', { status: 429, headers: left('0', '900h') }, 600_000],
  ['nothing of a 500', { status: 500, headers: { 'retry-after': '3' } }, undefined],
  [
    'nothing of a refusal of our own',
    { status: 429, kind: 'capacity' as const, headers: { 'retry-after': '3' } },
    undefined,
  ],
])('waits as asked: %s', (_, step, waitMs) => {
  const gate = createUpstreamGate();
  heedFailure(gate, failure(step), now);
  expect(gate.readyAt(demand, now)).toBe(waitMs === undefined ? 0 : now + waitMs);
});

it('keeps the later of two times', () => {
  const gate = createUpstreamGate();
  heedFailure(gate, failure({ status: 429, headers: { 'retry-after': '9' } }), now);
  heedFailure(gate, failure({ status: 429, headers: { 'retry-after': '2' } }), now);
  expect(gate.closedUntil(now)).toBe(now + 9000);
  expect(gate.closedUntil(now + 9000)).toBeUndefined();
});
