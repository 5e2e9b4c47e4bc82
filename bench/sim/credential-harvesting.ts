import { type Harvest, harvest } from '../../test/support/harvest.ts';

// Ten keys of 10 calls a second each, behind one queue, against a provider that holds every sliding second of each key to its limit. The clock
// is virtual, so figures depend on seeds only: node bench/sim/credential-harvesting.ts

const tenKeys = { keys: 10, callsPerKey: 10, seconds: 60 } as const;
const poisson = { ...tenKeys, rate: 80, arrivals: 'poisson', jitterMs: 30 } as const;
const seeds = [1, 2, 3, 4, 5];

const loads: Readonly<Record<string, Omit<Harvest, 'seed'>>> = {
  '100/s paced': { ...tenKeys, rate: 100, arrivals: 'paced' },
  '100/s paced, one key dead': { ...tenKeys, rate: 100, arrivals: 'paced', deadKey: 3 },
  '90/s Poisson': { ...tenKeys, rate: 90, arrivals: 'poisson' },
  '80/s Poisson, 0-30 ms jitter, no margin': poisson,
  '80/s Poisson, 0-30 ms jitter, safety_margin 0.03': { ...poisson, safetyMargin: 0.03 },
  '80/s Poisson, 0-30 ms jitter, safety_margin 0.06': { ...poisson, safetyMargin: 0.06 },
  '90/s Poisson, 0-30 ms jitter, safety_margin 0.03': { ...poisson, rate: 90, safetyMargin: 0.03 },
};

const rows = [];
for (const [name, load] of Object.entries(loads)) {
  const runs = await Promise.all(seeds.map((seed) => harvest({ ...load, seed })));
  const calls = runs.flatMap(({ callsOfKey }) => callsOfKey);
  const p99s = runs.map(({ waitsMs }) => waitsMs[Math.floor(waitsMs.length * 0.99)] ?? 0);
  rows.push({
    load: name,
    answered: sum(runs.map(({ outcomes }) => outcomes.ok ?? 0)),
    failed: sum(runs.flatMap(({ outcomes }) => Object.entries(outcomes).map(([name, n]) => (name === 'ok' ? 0 : n)))),
    'upstream 429': sum(runs.map(({ refusedUpstream }) => refusedUpstream)),
    'calls a key': `${Math.min(...calls)}-${Math.max(...calls)}`,
    'p99 wait, ms': `${Math.round(sum(p99s) / p99s.length)} (${Math.min(...p99s)}-${Math.max(...p99s)})`,
  });
}
console.table(rows);

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
