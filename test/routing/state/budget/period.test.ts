import { expect, it } from 'vitest';
import { periodMs } from '../../../../src/routing/state/budget/period.ts';

it.each([
  ['day', 86_400_000],
  ['week', 604_800_000],
  ['month', 2_592_000_000],
  ['year', 31_536_000_000],
  ['30s', 30_000],
  ['10m', 600_000],
  ['1h', 3_600_000],
  ['30d', 2_592_000_000],
  ['2w', 1_209_600_000],
  ['1mo', 2_592_000_000],
  ['1y', 31_536_000_000],
])('%s lasts %i ms', (text, ms) => {
  expect(periodMs(text)).toBe(ms);
});

it.each(['', '0d', '-1d', '1', 'd', '1.5h', '1 h', '99y', 'days', 'fortnight', '9999999999s'])(
  '%j is no period',
  (text) => {
    expect(periodMs(text)).toBeUndefined();
  },
);
