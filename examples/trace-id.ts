// A trace ID tags the call, every attempt of it, its events and its errors.
import { Portkey } from 'modelmux';
import { simulated } from './lib/simulated.ts';

const { simulator, virtualKeys } = await simulated();
simulator.behave('openai', { outage: true });
const portkey = new Portkey({
  virtualKeys,
  config: { strategy: { mode: 'fallback' }, targets: [{ virtual_key: 'openai-prod' }, { virtual_key: 'azure-prod' }] },
});
portkey.on('attempt-end', ({ traceId, metadata, attempt }) => {
  console.log(
    `${traceId} (${metadata.customer}): ${attempt.path} ${attempt.provider} ${attempt.outcome} ${attempt.status}`,
  );
});

const reply = await portkey.chat.completions.create(
  { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Say hello.' }] },
  { traceID: 'request-loadbalance-fallback', metadata: { customer: 'Zoë' } },
);
console.log(reply.getHeaders()['trace-id'], 'answered by', reply.getHeaders()['last-used-option-index']);
await simulator.stop();
