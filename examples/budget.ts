// A budget in real prices: the good model until it is spent, then a cheaper one; and a daily one for each team.
import { BudgetExceededError, Portkey } from 'modelmux';
import { simulated } from './lib/simulated.ts';

const { simulator, virtualKeys } = await simulated();
const portkey = new Portkey({
  virtualKeys,
  priceList: false,
  prices: { 'openai/good': { input: 10, output: 30 }, 'openai/cheap': { input: 0.1, output: 0.3 } },
  budgets: [{ by: 'metadata.team', of: 'interns', amount: 0, period: 'day' }],
  config: {
    strategy: { mode: 'fallback' },
    targets: [
      { virtual_key: 'openai-prod', override_params: { model: 'good' }, budget: { amount: 0.01, period: 'month' } },
      { virtual_key: 'openai-prod', override_params: { model: 'cheap' } },
    ],
  },
});

const body = { model: 'any', messages: [{ role: 'user' as const, content: 'Hi' }], max_tokens: 100 };
for (let call = 0; call < 10; call++) {
  const reply = await portkey.chat.completions.create(body, { metadata: { team: 'search' } });
  console.log(reply.model, reply.attempts.at(-1)?.cost?.microUsd, 'micro-dollars');
}
const error = await portkey.chat.completions
  .create(body, { metadata: { team: 'interns' } })
  .catch((thrown: unknown) => thrown);
if (error instanceof BudgetExceededError) console.log(error.status, error.message);
await simulator.stop();
