import { expect, it } from 'vitest';
import { createCircuit, rampMs } from '../../../src/routing/state/circuit.ts';

const opening = { timeMs: 1000, maxTimeMs: 5000, atLeastMs: 0, wasProbe: false };

it('refuses while open, gives one probe, and refuses the others until that has ended', () => {
  const circuit = createCircuit();
  expect([circuit.enter(0), circuit.readyAt(), circuit.share(0)]).toEqual(['pass', 0, 1]);
  expect(circuit.trip(0, opening)).toBe(true);
  expect([circuit.enter(999), circuit.readyAt(), circuit.share(999)]).toEqual(['refused', 1000, 0]);
  expect([circuit.share(1000), circuit.enter(1000), circuit.enter(1000)]).toEqual([1, 'probe', 'refused']);
  expect([circuit.readyAt(), circuit.share(1000)]).toEqual([Number.POSITIVE_INFINITY, 0]);
  circuit.release();
  expect(circuit.enter(1000)).toBe('probe');
});

it('doubles the time of each repeat up to the most, and starts anew after a ramp without failure', () => {
  const circuit = createCircuit();
  let now = 0;
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    circuit.trip(now, { ...opening, wasProbe: i > 0 });
    times.push((circuit.openUntil() ?? 0) - now);
    now = circuit.openUntil() ?? 0;
    circuit.enter(now);
  }
  expect(times).toEqual([1000, 2000, 4000, 5000, 5000]);
  circuit.close(now);
  circuit.trip(now + rampMs - 1, opening);
  expect((circuit.openUntil() ?? 0) - now - rampMs + 1).toBe(5000);
  circuit.close(now + 20_000);
  circuit.trip(now + 20_000 + rampMs, opening);
  expect((circuit.openUntil() ?? 0) - now - 20_000 - rampMs).toBe(1000);
});

it('keeps the later deadline when a straggler fails while it is open', () => {
  const circuit = createCircuit();
  circuit.trip(0, { ...opening, atLeastMs: 3000 });
  expect(circuit.trip(500, opening)).toBe(false);
  expect(circuit.openUntil()).toBe(3000);
  circuit.trip(2500, opening);
  expect(circuit.openUntil()).toBe(3500);
});

it('lets the target’s own wish beat the most', () => {
  const circuit = createCircuit();
  circuit.trip(0, { ...opening, atLeastMs: 60_000 });
  expect(circuit.openUntil()).toBe(60_000);
});

it('gives the weight back little by little', () => {
  const circuit = createCircuit();
  circuit.trip(0, opening);
  expect(circuit.close(1000)).toBe(true);
  expect([0, 1000, 5000, 9999, 10_000].map((ms) => circuit.share(1000 + ms))).toEqual([0.1, 0.1, 0.5, 0.9999, 1]);
  expect(circuit.close(2000)).toBe(false);
});
