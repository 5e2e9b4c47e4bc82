// Guardrails: a request that may not be sent is refused before anything is, secrets are taken out, and a bad answer leads to the next target.
import { GuardrailError, Portkey } from 'modelmux';
import { simulated } from './lib/simulated.ts';

const { simulator, virtualKeys } = await simulated();
simulator.behave('azure-openai', { text: 'Sure, here is a very long answer that nobody asked for.' });
simulator.behave('openai', { text: '42' });
const portkey = new Portkey({
  virtualKeys,
  guardrails: { polite: { 'default.contains': { operator: 'none', words: ['stupid'] }, deny: true } },
  config: {
    strategy: { mode: 'fallback', on_errors: ['guardrail'] },
    input_guardrails: ['polite', ({ request }) => request.model !== 'gpt-3'],
    input_mutators: [{ 'default.regexReplace': { rule: '[\\w.]+@[\\w.]+\\w', redactText: '<email>' } }],
    output_guardrails: [{ 'default.wordCount': { maxWords: 5 }, deny: true }],
    targets: [{ virtual_key: 'azure-prod' }, { virtual_key: 'openai-prod' }],
  },
});
portkey.on('guardrail', ({ path, stage, id, verdict }) => console.log(`  ${path} ${stage} ${id}: ${verdict}`));

async function ask(content: string) {
  try {
    const reply = await portkey.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content }] });
    console.log(reply.choices[0]?.message.content, 'says', reply.getHeaders().provider);
  } catch (error) {
    if (error instanceof GuardrailError) console.log(error.message);
  }
}

await ask('A short answer, please, for ann@example.com.');
console.log('sent:', JSON.stringify(simulator.requests('openai')[0]?.body));
await ask('A stupid question');
await simulator.stop();
