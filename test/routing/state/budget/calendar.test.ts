import { expect, it } from 'vitest';
import { calendar } from '../../../../src/routing/state/budget/calendar.ts';

const at = (iso: string) => Date.parse(iso);
const iso = (ms: number) => new Date(ms).toISOString();

it.each([
  ['day', 'UTC', '2026-03-29T13:00:00Z', '2026-03-29T00:00:00.000Z', '2026-03-30T00:00:00.000Z'],
  ['day', 'Europe/Berlin', '2026-03-29T13:00:00Z', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
  ['day', 'Europe/Berlin', '2026-10-25T13:00:00Z', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
  ['day', 'America/New_York', '2026-01-01T04:59:59Z', '2025-12-31T05:00:00.000Z', '2026-01-01T05:00:00.000Z'],
  ['day', 'Pacific/Kiritimati', '2026-06-01T10:00:00Z', '2026-06-01T10:00:00.000Z', '2026-06-02T10:00:00.000Z'],
  ['day', 'Asia/Kathmandu', '2026-06-01T18:14:59Z', '2026-05-31T18:15:00.000Z', '2026-06-01T18:15:00.000Z'],
  // Clocks in Cairo went from 24:00 on the 23rd of April 2026 to 01:00 on the 24th: that day has no midnight.
  ['day', 'Africa/Cairo', '2026-04-24T10:00:00Z', '2026-04-23T22:00:00.000Z', '2026-04-24T21:00:00.000Z'],
  ['week', 'UTC', '2026-03-01T23:59:59Z', '2026-02-23T00:00:00.000Z', '2026-03-02T00:00:00.000Z'],
  ['week', 'UTC', '2026-03-02T00:00:00Z', '2026-03-02T00:00:00.000Z', '2026-03-09T00:00:00.000Z'],
  ['week', 'Europe/Berlin', '2026-03-25T12:00:00Z', '2026-03-22T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
  ['month', 'UTC', '2024-02-29T12:00:00Z', '2024-02-01T00:00:00.000Z', '2024-03-01T00:00:00.000Z'],
  ['month', 'Europe/Berlin', '2026-10-31T22:59:59Z', '2026-09-30T22:00:00.000Z', '2026-10-31T23:00:00.000Z'],
  ['month', 'Europe/Berlin', '2026-12-31T23:00:00Z', '2026-12-31T23:00:00.000Z', '2027-01-31T23:00:00.000Z'],
  ['year', 'Asia/Tokyo', '2026-12-31T14:59:59Z', '2025-12-31T15:00:00.000Z', '2026-12-31T15:00:00.000Z'],
  ['year', 'UTC', '1969-07-20T20:17:00Z', '1969-01-01T00:00:00.000Z', '1970-01-01T00:00:00.000Z'],
] as const)('a %s in %s that holds %s begins at %s and ends at %s', (unit, zone, now, ...expected) => {
  const span = calendar(unit, zone)(at(now));
  expect([iso(span.start), iso(span.end)]).toEqual(expected);
});

it('follows a clock that goes over the edge and back', () => {
  const day = calendar('day', 'UTC');
  const before = day(at('2026-01-01T23:59:59.999Z'));
  const after = day(at('2026-01-02T00:00:00.000Z'));
  expect(after.start).toBe(before.end);
  expect(day(at('2026-01-01T12:00:00Z'))).toEqual(before);
});
