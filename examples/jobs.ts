// Calls that may wait: queued at once, carried through the limits, fetched when they are done.
import { Portkey } from 'modelmux';
import { simulated } from './lib/simulated.ts';

const { simulator, virtualKeys } = await simulated();
const portkey = new Portkey({
  virtualKeys,
  config: { virtual_key: 'openai-prod', rate_limit: { requests: 10, per: '200ms' } },
  // In memory unless told otherwise. Kept in Redis, for all processes: jobs: bullJobs('redis://…') of modelmux/redis.
});
const body = (content: string) => ({ model: 'gpt-4o', messages: [{ role: 'user', content }] });

const submitted = await Promise.all(
  Array.from({ length: 100 }, (_, index) => portkey.jobs.submit(body(`Question ${index}`), {}, { priority: 5 })),
);
const urgent = await portkey.jobs.submit(body('Help!'), { metadata: { _user: 'u-1' } }, { priority: 0 });
console.log(`${submitted.length + 1} jobs:`, urgent.status, `done in about ${urgent.eta} s`);
console.log('taken back:', await portkey.jobs.cancel(submitted.at(-1)?.id ?? ''));

const count = async () => {
  const jobs = await Promise.all(submitted.map(({ id }) => portkey.jobs.get(id)));
  return jobs.filter((job) => job?.status === 'finished').length;
};
for (let done = await count(); done < 100; done = await count()) {
  console.log(`${done} done`);
  await new Promise((resolve) => setTimeout(resolve, 300));
}
const jobs = await Promise.all(submitted.map(({ id }) => portkey.jobs.get(id)));
console.log(`${jobs.filter((job) => job?.result !== undefined).length} have a result, the last one says:`);
console.log(jobs.at(-1)?.error?.message);
await simulator.stop();
