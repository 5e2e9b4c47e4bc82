import { soak } from './soak.ts';

/** `node test/soak/run.ts --minutes=10`; default 1. Fails when a request was lost. */
const minutes = Number(process.argv.find((argument) => argument.startsWith('--minutes='))?.split('=')[1] ?? 1);
const { usage, lost, ...report } = await soak(minutes * 60);
console.log(JSON.stringify({ ...report, lost: lost.length, examples: lost.slice(0, 3) }));
for (const { name, samples } of usage) {
  const tenth = Math.max(1, Math.floor(samples.length / 10));
  const points = samples.filter((_, index) => index % tenth === 0);
  const text = points.map(({ rssBytes, handles }) => `${Math.round(rssBytes / 2 ** 20)} MiB/${handles}`);
  console.log(`${name}: ${text.join(', ')}`);
}
if (lost.length > 0) process.exitCode = 1;
