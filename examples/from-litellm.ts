// A LiteLLM document, as it is: groups, shares by rpm, retries, fallbacks; and a request that brings fallbacks of its own.
import { Portkey } from 'modelmux';
import { fromLiteLLM } from 'modelmux/import';
import { startSimulator } from 'modelmux/simulator';

const simulator = await startSimulator();
const at = (provider: string) => ({ api_base: simulator.baseUrl(provider), api_key: 'os.environ/ANY_KEY' });

const { config, warnings } = fromLiteLLM(
  {
    model_list: [
      { model_name: 'gpt-3.5-turbo', litellm_params: { model: 'azure/gpt-small', ...at('azure-openai'), rpm: 6 } },
      { model_name: 'gpt-3.5-turbo', litellm_params: { model: 'azure/gpt-large', ...at('azure-openai'), rpm: 18 } },
      { model_name: 'claude', litellm_params: { model: 'claude-3-opus-20240229', ...at('anthropic') } },
      { model_name: 'groq/*', litellm_params: { model: 'groq/*', ...at('groq') } },
    ],
    litellm_settings: { num_retries: 1, fallbacks: [{ 'gpt-3.5-turbo': ['claude'] }], success_callback: ['langfuse'] },
    router_settings: { model_group_alias: { 'gpt-4': 'gpt-3.5-turbo' } },
  },
  { environment: { ANY_KEY: 'simulated' } },
);
for (const { path, message } of warnings) console.log(`${path}: ${message}`);

const portkey = new Portkey({ config, environment: {} });
console.log('models:', (await portkey.models.list()).data.map(({ id }) => id).join(', '));

async function ask(model: string, more: object = {}): Promise<string> {
  const messages = [{ role: 'user' as const, content: 'Hi' }];
  return (await portkey.chat.completions.create({ model, messages, ...more })).model;
}

for (let call = 0; call < 8; call++) console.log('gpt-4 is answered by', await ask('gpt-4'));
console.log('groq/llama-3 is answered by', await ask('groq/llama-3'));
simulator.behave('azure-openai', { outage: true });
console.log('Azure is down:', await ask('gpt-3.5-turbo'));
console.log('the request says where to go:', await ask('gpt-3.5-turbo', { fallbacks: ['groq/mixtral'] }));
await simulator.stop();
