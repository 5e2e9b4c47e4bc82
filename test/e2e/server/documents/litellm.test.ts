import { describe, expect, it } from 'vitest';
import { readServeConfig } from '../../../../src/cli/serve-config.ts';
import { filesOf, start } from '../../../cli/cli.ts';
import { served } from '../../../support/served.ts';
import { simulated } from '../../../support/simulated.ts';
import { redirectedTo, shell } from './redirected.ts';

// The files and commands stand as LiteLLM's page "Load Balancing - Multiple Instances of 1 model" prints them.
const simulator = simulated();
const file = filesOf();
const env = { AZURE_API_KEY: 'az-key', AZURE_API_VERSION: '2023-07-01-preview', OPENAI_API_KEY: 'sk-openai' };

const instances = `
model_list:
  - model_name: gpt-3.5-turbo
    litellm_params:
      model: azure/gpt-turbo-small-eu
      api_base: https://my-endpoint-europe-berri-992.openai.azure.com/
      api_key: 
      rpm: 6      # Rate limit for this deployment: in requests per minute (rpm)
  - model_name: gpt-3.5-turbo
    litellm_params:
      model: azure/gpt-turbo-small-ca
      api_base: https://my-endpoint-canada-berri992.openai.azure.com/
      api_key: 
      rpm: 6
  - model_name: gpt-3.5-turbo
    litellm_params:
      model: azure/gpt-turbo-large
      api_base: https://openai-france-1234.openai.azure.com/
      api_key: 
      rpm: 1440
`;

const step3 = `
curl --location 'http://0.0.0.0:8000/chat/completions' \\
--header 'Content-Type: application/json' \\
--data ' {
      "model": "gpt-3.5-turbo",
      "messages": [
        {
          "role": "user",
          "content": "what llm are you"
        }
      ],
    }
'
`;

const fallbacks = `
model_list:
  - model_name: zephyr-beta
    litellm_params:
        model: huggingface/HuggingFaceH4/zephyr-7b-beta
        api_base: http://0.0.0.0:8001
  - model_name: zephyr-beta
    litellm_params:
        model: huggingface/HuggingFaceH4/zephyr-7b-beta
        api_base: http://0.0.0.0:8002
  - model_name: zephyr-beta
    litellm_params:
        model: huggingface/HuggingFaceH4/zephyr-7b-beta
        api_base: http://0.0.0.0:8003
  - model_name: gpt-3.5-turbo
    litellm_params:
        model: gpt-3.5-turbo
        api_key: <my-openai-key>
  - model_name: gpt-3.5-turbo-16k
    litellm_params:
        model: gpt-3.5-turbo-16k
        api_key: <my-openai-key>

litellm_settings:
  num_retries: 3 # retry call 3 times on each model_name (e.g. zephyr-beta)
  request_timeout: 10 # raise Timeout error if call takes longer than 10s
  fallbacks: [{"zephyr-beta": ["gpt-3.5-turbo"]}] # fallback to gpt-3.5-turbo if call fails num_retries 
  context_window_fallbacks: [{"zephyr-beta": ["gpt-3.5-turbo-16k"]}, {"gpt-3.5-turbo": ["gpt-3.5-turbo-16k"]}] # fallback to gpt-3.5-turbo-16k if context window error
  allowed_fails: 3 # cooldown model if it fails > 1 call in a minute. 
`;

const dynamic = `
curl --location 'http://0.0.0.0:8000/chat/completions' \\
--header 'Content-Type: application/json' \\
--data ' {
      "model": "zephyr-beta",
      "messages": [
        {
          "role": "user",
          "content": "what llm are you"
        }
      ],
      "fallbacks": [{"zephyr-beta": ["gpt-3.5-turbo"]}],
      "context_window_fallbacks": [{"zephyr-beta": ["gpt-3.5-turbo"]}],
      "num_retries": 2,
      "request_timeout": 10
    }
'
`;

async function serving(name: string, text: string) {
  const { options } = await readServeConfig(await file(name, text), false, { env, readInput: async () => '' });
  const { port } = options;
  const server = await served({ ...options, port: 0, fetch: redirectedTo(simulator), random: () => 0 });
  return { ...server, port, at: server.url.replace('127.0.0.1', '0.0.0.0') };
}

describe('a file of LiteLLM', () => {
  it('is served on LiteLLM’s port, and answers the document’s command, which ends lists with a comma', async () => {
    const { at, port } = await serving('instances.yaml', instances);
    expect(port).toBe(8000);
    const { status, body } = await shell(step3, 'http://0.0.0.0:8000', at);
    expect(body.error).toBeUndefined();
    expect(status).toBe(200);
    expect(simulator.bodies('azure-openai')).toMatchObject([{ messages: [{ content: 'what llm are you' }] }]);
  });

  it('falls back as the request says', async () => {
    const { at } = await serving('fallbacks.yaml', fallbacks);
    for (const port of [8001, 8002, 8003]) simulator.behave(`host-${port}`, { status: 500 });
    const { status } = await shell(dynamic, 'http://0.0.0.0:8000', at);
    expect(status).toBe(200);
    expect(simulator.called().at(-1)).toBe('openai');
    expect(simulator.bodies('openai')).toEqual([
      { model: 'gpt-3.5-turbo', messages: [{ role: 'user', content: 'what llm are you' }] },
    ]);
  });

  it('still refuses JSON that is wrong otherwise, and says where', async () => {
    const { at } = await serving('instances.yaml', instances);
    const command = `curl '${at}/chat/completions' --header 'Content-Type: application/json' --data '{"model": "a",, }'`;
    const { status, body } = await shell(command, '', '');
    expect(status).toBe(400);
    expect(body.error?.message).toContain('position 14 (line 1, column 15)');
  });

  it('takes commas at the end of lists only with compat: litellm', async () => {
    const { url } = await served({ config: simulator.target('openai') });
    const { status } = await shell(step3, 'http://0.0.0.0:8000', url);
    expect(status).toBe(400);
  });
});

it('modelmux serve imports it, warns of what has no effect, and asks for its master key', async () => {
  const path = await file(
    'proxy.yaml',
    `
model_list:
  - model_name: fast
    litellm_params: { model: openai/gpt-4o-mini, api_key: sk-1, api_base: ${simulator.baseUrl('openai')} }
general_settings:
  master_key: sk-1234
  database_url: postgresql://nowhere
`,
  );
  const program = start(['serve', '--config', path, '--port', '0', '--json']);
  await expect.poll(() => program.out()).toContain('\n');
  const { url } = JSON.parse(program.out().split('\n')[0] ?? '');
  expect(program.err()).toContain('general_settings.database_url');
  const ask = (headers: Record<string, string>) =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ model: 'fast', messages: [{ role: 'user', content: 'Hi' }] }),
    });
  expect((await ask({})).status).toBe(401);
  expect((await ask({ authorization: 'Bearer sk-1234' })).status).toBe(200);
  expect(simulator.bodies('openai')[0]?.model).toBe('gpt-4o-mini');
  program.stop();
  expect(await program.code).toBe(0);
});
