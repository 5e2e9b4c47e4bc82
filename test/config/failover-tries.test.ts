import { expect, it } from 'vitest';
import type { Config, Strategy } from '../../src/config/config.ts';
import { fleet, target } from '../support/fleet.ts';
import { pass } from '../support/manual-clock.ts';

/** A loadbalance over `names` in turn, under a retry of the node. */
function node(names: string, attempts: number, strategy: Partial<Strategy> = {}): Config {
  return {
    strategy: { mode: 'loadbalance', algorithm: 'round_robin', failover: true, ...strategy },
    retry: { attempts, scope: 'node' },
    targets: [...names].map((name) => target(name)),
  };
}

async function run(config: Config, answers: object) {
  const { ask, log, answers: given, clock } = fleet(config);
  Object.assign(given, answers);
  const { value } = (await pass(clock, ask())) as { value: unknown };
  return [typeof value === 'string' ? value : (value as { status: number }).status, log.join(' ')];
}

const down = { a: 500, b: 500, c: 500 };

it.each<[string, Config, object, string | number, string]>([
  ['no tries: every target once', node('abc', 0), down, 500, 'a b c'],
  ['fewer tries than siblings: every target once all the same', node('abc', 1), down, 500, 'a b c'],
  ['as many as siblings', node('abc', 2), down, 500, 'a b c'],
  ['more: those left go on one by one, never the one just asked', node('abc', 3), down, 500, 'a b c a'],
  ['more still', node('abc', 5), down, 500, 'a b c a b a'],
  ['one target alone', node('a', 2), down, 500, 'a a a'],
  ['without failover each try is one target', node('abc', 2, { failover: false }), down, 500, 'a b c'],
  ['who answers ends it', node('abc', 5), { a: 500, b: 500 }, 'c', 'a b c'],
])('%s', async (...[, config, answers, ended, calls]) => {
  const [end, log] = await run(config, answers);
  expect(end).toBe(ended);
  expect(String(log).split(' ').length).toBe(calls.split(' ').length);
  const asked = String(log).split(' ');
  if (asked.length > 1 && new Set(calls.split(' ')).size > 1)
    expect(asked.every((name, index) => name !== asked[index - 1])).toBe(true);
});

it.each<[string, Partial<Strategy>, number, string]>([
  ['kinds of failures that lead to a sibling', { on_errors: ['server'] }, 500, 'a b'],
  ['other kinds end it', { on_errors: ['server'] }, 429, 'a'],
  ['statuses that lead to a sibling', { on_status_codes: [404] }, 404, 'a b'],
  ['other statuses end it', { on_status_codes: [404] }, 500, 'a'],
  ['either list', { on_errors: ['rate_limit'], on_status_codes: [404] }, 429, 'a b'],
])('failover: %s', async (_, strategy, status, calls) => {
  const [, log] = await run(node('ab', 0, strategy), { a: status, b: status });
  expect(log).toBe(calls);
});

it('such lists without failover are refused', () => {
  const config: Config = { strategy: { mode: 'loadbalance', on_errors: ['server'] }, targets: [target('a')] };
  expect(() => fleet(config)).toThrow(
    '$.strategy.on_errors: Has no effect with mode "loadbalance". It belongs to mode "fallback".',
  );
});
