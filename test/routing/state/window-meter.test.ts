import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createWindowMeter } from '../../../src/routing/state/window-meter.ts';

it('lets through the whole limit, not one less, and the next when the first is a window old', () => {
  const meter = createWindowMeter(1000);
  for (const at of [0, 100, 200]) {
    expect(meter.readyAt(1, 3, at)).toBe(at);
    meter.add(1, at);
  }
  expect(meter.readyAt(1, 3, 200)).toBe(1000);
  expect(meter.readyAt(1, 3, 999)).toBe(1000);
  expect(meter.readyAt(1, 3, 1000)).toBe(1000);
  expect(meter.used(1000)).toBe(2);
  meter.add(1, 1000);
  expect(meter.readyAt(1, 3, 1000)).toBe(1100);
  expect(meter.readyAt(2, 3, 1000)).toBe(1200);
  expect(meter.emptyAt(1000)).toBe(2000);
  expect(meter.used(2000)).toBe(0);
  expect(meter.emptyAt(2000)).toBeUndefined();
});

it('never has room for more than the limit', () => {
  const meter = createWindowMeter(1000);
  expect(meter.readyAt(4, 3, 0)).toBe(Number.POSITIVE_INFINITY);
  meter.add(1, 0);
  expect(meter.readyAt(4, 3, 0)).toBe(Number.POSITIVE_INFINITY);
});

it('corrects what still counts, and nothing else', () => {
  const meter = createWindowMeter(1000);
  const first = meter.add(40, 0);
  const second = meter.add(40, 500);
  meter.change(first, -30, 600);
  expect(meter.used(600)).toBe(50);
  meter.change(first, 1000, 1100);
  expect(meter.used(1100)).toBe(40);
  meter.change(second, -40, 1100);
  expect(meter.used(1100)).toBe(0);
});

it('counts from now what a clock that is set back seems to have ahead', () => {
  const meter = createWindowMeter(1000);
  meter.add(1, 3_600_000);
  expect(meter.readyAt(1, 1, 0)).toBe(1000);
  expect(meter.used(1000)).toBe(0);
});

it('holds its size under any traffic, and forgets nothing too early', () => {
  const meter = createWindowMeter(1000);
  let sent = 0;
  for (let at = 0; at < 5000; at += 0.05) {
    meter.add(1, at);
    sent++;
  }
  const exact = 1000 / 0.05;
  expect(sent).toBe(100_000);
  expect(meter.used(4999.95)).toBeGreaterThanOrEqual(exact);
  expect(meter.used(4999.95)).toBeLessThan(exact * 1.01);
});

it('says the same as a plain list', () => {
  const step = fc.record({
    kind: fc.constantFrom('add', 'change', 'look'),
    afterMs: fc.integer({ min: 0, max: 400 }),
    amount: fc.integer({ min: 1, max: 9 }),
    pick: fc.nat(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), fc.integer({ min: 9, max: 30 }), (steps, limit) => {
      const meter = createWindowMeter(1000);
      const list = plainList(1000);
      let now = 0;
      for (const { kind, afterMs, amount, pick } of steps) {
        now += afterMs;
        if (kind === 'add') list.add(now, amount, meter.add(amount, now));
        const chosen = kind === 'change' ? list.at(pick) : undefined;
        if (chosen !== undefined) {
          meter.change(chosen.entry, 1 - chosen.amount, now);
          chosen.amount = 1;
        }
        expect(meter.used(now)).toBe(list.used(now));
        expect(meter.readyAt(amount, limit, now)).toBe(list.readyAt(amount, limit, now));
      }
    }),
  );
});

interface Entry {
  readonly at: number;
  amount: number;
  readonly entry: number;
}

/** A window by its definition. */
function plainList(windowMs: number) {
  const all: Entry[] = [];
  const held = (now: number) => all.filter(({ at }) => at + windowMs > now);
  const used = (now: number) => held(now).reduce((sum, { amount }) => sum + amount, 0);
  return {
    used,
    at: (pick: number) => all[pick % Math.max(1, all.length)],
    add: (at: number, amount: number, entry: number) => all.push({ at, amount, entry }),
    readyAt(amount: number, limit: number, now: number): number {
      const times = [now, ...held(now).map(({ at }) => at + windowMs)];
      return times.find((time) => used(time) + amount <= limit) ?? Number.NaN;
    },
  };
}
