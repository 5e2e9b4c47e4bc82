import { liveThrough, type WorldReport } from './world.ts';

const requestsEach = 500;

/** Lives through worlds until `--requests` were sent, from `--seed` on: `node test/simulation/run.ts --requests=10000000 --seed=1`. */
const option = (name: string, otherwise: number) =>
  Number(process.argv.find((argument) => argument.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise);
const total = option('requests', 100_000);
const first = option('seed', 1);
const each = option('each', requestsEach);
const sum = { worlds: 0, requests: 0, answered: 0, failed: 0, aborted: 0, calls: 0 };
const startedAt = Date.now();
for (let seed = first; sum.requests < total; seed++) {
  const report: WorldReport = await liveThrough(seed, each);
  sum.worlds++;
  for (const key of ['requests', 'answered', 'failed', 'aborted', 'calls'] as const) sum[key] += report[key];
  if (sum.worlds % 200 === 0)
    console.log(`${sum.requests} requests, seed ${seed}, ${Math.round((Date.now() - startedAt) / 1000)} s`);
}
console.log(JSON.stringify({ ...sum, seconds: Math.round((Date.now() - startedAt) / 1000) }));
