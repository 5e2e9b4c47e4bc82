import { existsSync, readFileSync } from 'node:fs';
import { Portkey } from '../../src/index.ts';

// Makes calls that cost a dollar each until it is killed, with budgets kept in the file given. Says how many have been answered.
const [, , file = ''] = process.argv;
const reply = {
  id: '1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'x' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 0, completion_tokens: 1, total_tokens: 1 },
};
const portkey = new Portkey({
  environment: {},
  config: { provider: 'openai', api_key: 'k', pricing: { input: 0, output: 1_000_000 } },
  budgets: { amount: 1_000_000, period: 'year' },
  budgetStore: { file },
  fetch: async () => Response.json(reply),
});
const kept = () => (existsSync(file) ? readFileSync(file, 'utf8') : '');
for (let calls = 1; ; calls++) {
  const before = kept();
  await portkey.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'hi' }], max_tokens: 1 });
  process.stdout.write(`${calls}\n`);
  // A write goes on beside what follows a call: on a slow disk many calls would come before it is done.
  while (kept() === before) await new Promise((resolve) => setTimeout(resolve, 2));
}
