import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCalendars } from '../../../../src/routing/state/budget/calendar.ts';
import { createSpend } from '../../../../src/routing/state/budget/spend.ts';

const calendars = createCalendars();
const monthly = () => createSpend({ reset: 'calendar', unit: 'month', timeZone: 'UTC' }, calendars);
const rolling = (ms: number) => createSpend({ reset: 'rolling', ms }, calendars);
const at = (iso: string) => Date.parse(iso);

describe('a calendar month', () => {
  it('forgets what was spent at its end, not before', () => {
    const spend = monthly();
    spend.add(700, at('2026-01-31T10:00:00Z'));
    spend.add(300, at('2026-01-31T23:59:59.999Z'));
    expect(spend.total(at('2026-01-31T23:59:59.999Z'))).toBe(1000);
    expect(spend.total(at('2026-02-01T00:00:00Z'))).toBe(0);
  });

  it('has room again at its end, unless no room would be enough', () => {
    const spend = monthly();
    const now = at('2026-01-10T00:00:00Z');
    spend.add(1000, now);
    expect(spend.atMost(1000, now)).toBe(now);
    expect(spend.atMost(999, now)).toBe(at('2026-02-01T00:00:00Z'));
    expect(spend.atMost(-1, now)).toBe(Number.POSITIVE_INFINITY);
    expect(spend.endsAt(now)).toBe(at('2026-02-01T00:00:00Z'));
  });

  it('takes no notice of what belongs to a month gone by', () => {
    const spend = monthly();
    spend.add(5, at('2026-02-02T00:00:00Z'));
    spend.add(7, at('2026-01-31T00:00:00Z'));
    expect(spend.entries(at('2026-02-03T00:00:00Z'))).toEqual([[at('2026-02-01T00:00:00Z'), 5]]);
  });
});

describe('a rolling hour', () => {
  const minute = 60_000;

  it('lets go of each minute an hour after it, the first first', () => {
    const spend = rolling(60 * minute);
    spend.add(10, 0);
    spend.add(20, 59_999);
    spend.add(5, 30 * minute);
    expect(spend.total(61 * minute - 1)).toBe(35);
    expect(spend.total(61 * minute)).toBe(5);
    expect(spend.total(91 * minute)).toBe(0);
  });

  it('says when enough is gone', () => {
    const spend = rolling(60 * minute);
    spend.add(10, 0);
    spend.add(20, 10 * minute);
    expect(spend.atMost(30, 20 * minute)).toBe(20 * minute);
    expect(spend.atMost(20, 20 * minute)).toBe(61 * minute);
    expect(spend.atMost(19, 20 * minute)).toBe(71 * minute);
    expect(spend.atMost(0, 20 * minute)).toBe(71 * minute);
  });

  it('takes what comes late into the minute it belongs to', () => {
    const spend = rolling(60 * minute);
    spend.add(10, 30 * minute);
    spend.add(1, 5 * minute);
    spend.add(2, 5 * minute);
    expect(spend.entries(31 * minute)).toEqual([
      [5 * minute, 3],
      [30 * minute, 10],
    ]);
    expect(spend.total(66 * minute)).toBe(10);
  });

  it('keeps a charge for its whole period and never longer than a sixtieth beyond, in at most 62 entries', () => {
    const charge = fc.record({ afterMs: fc.nat(20 * minute), micro: fc.integer({ min: 1, max: 1e9 }) });
    fc.assert(
      fc.property(fc.array(charge, { maxLength: 80 }), (charges) => {
        const spend = rolling(60 * minute);
        const made: { readonly at: number; readonly micro: number }[] = [];
        let now = 0;
        for (const { afterMs, micro } of charges) {
          now += afterMs;
          spend.add(micro, now);
          made.push({ at: now, micro });
          const within = (ms: number) => made.reduce((sum, each) => (each.at > now - ms ? sum + each.micro : sum), 0);
          const total = spend.total(now);
          expect(total).toBeGreaterThanOrEqual(within(60 * minute));
          expect(total).toBeLessThanOrEqual(within(61 * minute + 1));
          expect(spend.entries(now).length).toBeLessThanOrEqual(62);
        }
        const free = spend.atMost(0, now);
        if (free > now) expect(spend.total(free - 1)).toBeGreaterThan(0);
        expect(spend.total(free)).toBe(0);
      }),
    );
  });
});
