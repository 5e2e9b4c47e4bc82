// Every call is logged: found by its trace ID, with all attempts, tokens and cost; judged with feedback; kept in a file if you like.
import { Portkey, traceText } from 'modelmux';
import { simulated } from './lib/simulated.ts';

const { simulator, virtualKeys } = await simulated();
const portkey = new Portkey({
  virtualKeys,
  // logs: { file: 'logs.db' } keeps them for 30 days, { bodies: true } prompts and answers, too.
  config: {
    strategy: { mode: 'loadbalance' },
    targets: [
      { strategy: { mode: 'fallback' }, targets: [{ virtual_key: 'openai-prod' }, { virtual_key: 'azure-prod' }] },
    ],
  },
});
const ask = (content: string, traceID: string) =>
  portkey.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content }] }, { traceID });

await ask('What are 7 wonders in the world?', 'request-loadbalance-fallback');
simulator.behave('openai', { outage: true });
await ask('And the eighth?', 'request-loadbalance-fallback');
await portkey.feedback.create({ traceID: 'request-loadbalance-fallback', value: 5 });

const trace = await portkey.logs.trace('request-loadbalance-fallback');
if (trace !== null) console.log(traceText(trace));
const rescued = await portkey.logs.list({ mark: 'fallback', outcome: 'success' });
for (const { provider, status, attempts } of rescued.data) {
  console.log(`Rescued by ${provider} (${status}) after ${attempts.length - 1} failed attempt.`);
}
await simulator.stop();
