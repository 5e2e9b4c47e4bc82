import { describe, expect, it } from 'vitest';
import { bounded, publicReason } from '../../src/vault/bounded.ts';
import { manualClock } from '../support/manual-clock.ts';
import { failure } from './secrets.ts';

describe('bounded', () => {
  it.each([
    ['a promise', () => Promise.resolve('done')],
    ['a plain value', () => 'done'],
  ])('hands %s on and leaves no timer', async (_, work) => {
    const clock = manualClock();
    expect(await bounded(work, 1000, clock)).toBe('done');
    await Promise.resolve();
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('no'))],
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
  ])('fails as work that %s', async (_, work) => {
    await expect(bounded(work, 1000, manualClock())).rejects.toThrow('no');
  });

  it('gives hung work up and aborts its signal; what it answers later is ignored', async () => {
    const clock = manualClock();
    let signal: AbortSignal | undefined;
    let answer: (error: Error) => void = () => {};
    const outcome = failure(() =>
      bounded(
        (given) => {
          signal = given;
          return new Promise((_, reject) => {
            answer = reject;
          });
        },
        10_000,
        clock,
      ),
    );
    await Promise.resolve();
    clock.advance(9999);
    expect(signal?.aborted).toBe(false);
    clock.advance(1);
    expect(await outcome).toMatchObject({ name: 'TimeoutError', message: 'no answer within 10000 ms' });
    expect(signal?.aborted).toBe(true);
    answer(new Error('too late'));
  });
});

describe('publicReason', () => {
  it.each([
    [new Error('postgres://user:secret@host'), 'Error'],
    [Object.assign(new TypeError('secret'), { code: 'ECONNREFUSED' }), 'TypeError ECONNREFUSED'],
    [Object.assign(new Error('x'), { code: 'my secret' }), 'Error'],
    [new DOMException('no answer within 5 ms', 'TimeoutError'), 'no answer within 5 ms'],
    ['secret', 'threw a string'],
  ])('says of %o no more than %j', (error, expected) => {
    expect(publicReason(error)).toBe(expected);
  });
});
