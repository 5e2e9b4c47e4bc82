import { describe, expect, it } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { type Answer, fleet, settle, target } from '../../support/fleet.ts';

const three = (strategy: object, more: Partial<Config> = {}): Config => ({
  strategy: { mode: 'fallback', ...strategy },
  total_timeout: 9000,
  targets: [target('a'), target('b'), target('c')],
  ...more,
});

const silent = { a: 'silent', b: 'silent', c: 'silent' } as const;

/** Runs one call while time passes in steps of 100 ms; when each target was asked, and what came of it. */
async function run(config: Config, given: Readonly<Record<string, Answer>>) {
  const { ask, answers, clock, log, elapsed, portkey } = fleet(config);
  Object.assign(answers, given);
  const failures: unknown[] = [];
  portkey.on('attempt-end', ({ attempt, error }) => {
    if (error !== undefined)
      failures.push([attempt.path.at(-2), elapsed(), error.name, (error as { limit?: string }).limit]);
  });
  let answer: unknown;
  const call = ask().then((came) => {
    answer = came;
  });
  for (let i = 0; i < 100 && answer === undefined; i++) {
    await settle();
    if (answer === undefined) clock.advance(100);
  }
  await call;
  return { given: answer, log: log.join(''), failures, elapsed: elapsed() };
}

describe('a deadline shared among the targets left', () => {
  it('gives each a part of the time left, and the last one all of it', async () => {
    const { given, log, failures } = await run(three({ share_deadline: true }), silent);
    expect(failures).toEqual([
      ['0', 3000, 'APIConnectionTimeoutError', 'share_deadline'],
      ['1', 6000, 'APIConnectionTimeoutError', 'share_deadline'],
      ['2', 9000, 'APIConnectionTimeoutError', 'total_timeout'],
    ]);
    expect(given).toMatchObject({ status: 408 });
    expect(log).toBe('abc');
  });

  it('gives what one does not use to the others', async () => {
    const { given, failures } = await run(three({ share_deadline: true }), {
      a: { status: 500, afterMs: 1000 },
      b: 'silent',
    });
    expect(failures).toEqual([
      ['0', 1000, 'InternalServerError', undefined],
      ['1', 5000, 'APIConnectionTimeoutError', 'share_deadline'],
    ]);
    expect(given).toBe('c');
  });

  it('keeps retries of a target within its share', async () => {
    const { given, log, failures } = await run(
      three({ share_deadline: true }, { retry: { attempts: 5, per_error: { timeout: 5 } }, request_timeout: 1000 }),
      { a: 'silent' },
    );
    expect(given).toBe('b');
    expect(failures.map((failure) => (failure as unknown[])[0])).toEqual(['0', '0']);
    expect(log).toBe('aab');
  });

  it('has all the time there is once a stream has begun', async () => {
    const { stream, answers, clock } = fleet(three({ share_deadline: true }));
    answers.a = 'stream';
    const open = await stream();
    clock.advance(8000);
    const chunks = open[Symbol.asyncIterator]();
    expect((await chunks.next()).value?.choices[0]?.delta.content).toBe('x');
    const rest = chunks.next().catch((error) => error.limit);
    clock.advance(1000);
    expect(await rest).toBe('total_timeout');
  });

  it('counts as a timeout of the target', async () => {
    const config = three({ share_deadline: true }, { cooldown: { allowed_fails: 0 } });
    const { ask, answers, clock, of } = fleet(config);
    answers.a = 'silent';
    const call = ask();
    await settle();
    clock.advance(3000);
    expect(await call).toBe('b');
    expect(of('a')?.health).toBe('cooling');
  });

  it('holds in a loadbalance with failover too', async () => {
    const config = three({ mode: 'loadbalance', algorithm: 'round_robin', share_deadline: true });
    const { given, failures } = await run(config, silent);
    expect(failures.map((failure) => (failure as unknown[])[1])).toEqual([3000, 6000, 9000]);
    expect(given).toMatchObject({ status: 408 });
  });
});

it('is not shared by default: a slow target may use all of it', async () => {
  const { given, log, failures } = await run(three({}), { a: 'silent' });
  expect(given).toMatchObject({ status: 408 });
  expect(log).toBe('a');
  expect(failures).toEqual([['0', 9000, 'APIConnectionTimeoutError', 'total_timeout']]);
});

describe('a call that wants no fallbacks', () => {
  it('gets what its first target says, for good or ill', async () => {
    const { ask, answers, log } = fleet(three({}));
    answers.a = 500;
    expect(await ask({ disableFallbacks: true })).toMatchObject({ status: 500 });
    expect(await ask()).toBe('b');
    expect(log.join('')).toBe('aab');
  });

  it('wants none of those inside either, and leaves retries and loadbalances alone', async () => {
    const { ask, answers, log } = fleet({
      strategy: { mode: 'loadbalance', algorithm: 'weighted' },
      targets: [three({}, { weight: 1 }), target('d', { weight: 0.0001 })],
    });
    answers.a = 500;
    expect(await ask({ disableFallbacks: true })).toBe('d');
    expect(log.join('')).toBe('ad');
  });

  it('may be every call of a client, unless one says otherwise', async () => {
    const { ask, answers } = fleet(three({}), { disableFallbacks: true });
    answers.a = 500;
    expect(await ask()).toMatchObject({ status: 500 });
    expect(await ask({ disableFallbacks: false })).toBe('b');
  });
});
