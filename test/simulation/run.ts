import { liveThrough } from './world.ts';

/**
 * Lives through worlds until `--requests` were sent, from `--seed` on, or until `--minutes` are over:
 * `node test/simulation/run.ts --requests=10000000 --seed=1 --minutes=60`. A broken promise is printed with the seed that shows it again, and
 * makes the run fail at its end.
 */
const option = (name: string, otherwise: number) =>
  Number(process.argv.find((argument) => argument.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise);
const total = option('requests', 100_000);
const first = option('seed', 1);
const each = option('each', 500);
const minutes = option('minutes', Number.POSITIVE_INFINITY);
const sum = { worlds: 0, broken: 0, requests: 0, answered: 0, failed: 0, aborted: 0, calls: 0 };
const startedAt = Date.now();
const seconds = () => Math.round((Date.now() - startedAt) / 1000);
for (let seed = first; sum.requests < total && seconds() < minutes * 60; seed++) {
  sum.worlds++;
  try {
    const report = await liveThrough(seed, each);
    for (const key of ['requests', 'answered', 'failed', 'aborted', 'calls'] as const) sum[key] += report[key];
  } catch (error) {
    sum.broken++;
    console.error(error instanceof Error ? error.message : error);
  }
  if (sum.worlds % 200 === 0)
    console.log(`${sum.requests} requests, seed ${seed}, ${seconds()} s, ${sum.broken} broken`);
}
console.log(JSON.stringify({ ...sum, seconds: seconds() }));
if (sum.broken > 0) process.exitCode = 1;
