// Errors are typed, know their target, and list every attempt. A broken config says all that is wrong, before the first call.
import { ConfigError, Portkey, RateLimitError } from 'modelmux';
import { simulated } from './lib/simulated.ts';

const { simulator, virtualKeys } = await simulated();
simulator.behave('openai', { status: 429, retryAfter: 2 });
simulator.behave('azure-openai', { outage: true });
const portkey = new Portkey({
  virtualKeys,
  config: { strategy: { mode: 'fallback' }, targets: [{ virtual_key: 'azure-prod' }, { virtual_key: 'openai-prod' }] },
});
try {
  await portkey.chat.completions.create(
    { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hi.' }] },
    { traceID: 't1' },
  );
} catch (error) {
  if (!(error instanceof RateLimitError)) throw error;
  console.log(error.name, error.status, error.traceId, error.target?.path, error.headers['retry-after']);
  for (const { path, status, errorKind } of error.attempts) console.log(' ', path, status, errorKind);
}

try {
  new Portkey({
    config: { strategy: { mode: 'loadbalance' }, targets: [{ provider: 'opnai' }, { virtual_key: 'a', weight: -1 }] },
  });
} catch (error) {
  if (error instanceof ConfigError) console.log(error.message);
}
await simulator.stop();
