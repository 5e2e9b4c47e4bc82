// A process that does jobs from Redis through the provider at a given address, until it is killed.
import { Portkey } from '../../src/index.ts';
import { bullJobs } from '../../src/stores/redis/index.ts';

const [url = '', customHost = ''] = process.argv.slice(2);
const portkey = new Portkey({
  environment: {},
  config: { provider: 'openai', api_key: 'k', custom_host: customHost },
  jobs: bullJobs(url, { takeOverMs: 1000 }),
});
portkey.on('warning', ({ message }) => console.error(message));
setInterval(() => undefined, 1000);
