import { expect, it } from 'vitest';
import { served } from '../../../support/served.ts';
import { simulated } from '../../../support/simulated.ts';
import { redirectedTo, shell } from './redirected.ts';

// The commands stand as Portkey's page "Load Balancing" of before mid-2024 prints them.
const simulator = simulated();

const equally = `
curl --location 'https://api.portkey.ai/v1/chatComplete' \\
--header 'Content-Type: application/json' \\
--header 'x-portkey-api-key: <PORTKEY_API_KEY>' \\
--data '{
    "config": {
        "mode": "loadbalance",
        "options": [{
            "provider": "openai",
            "apiKey": "<API_KEY>",
            "weight": 0.5,
            "override_params": { "model": "gpt-3.5-turbo" }
        }, {
            "provider": "anthropic",
            "apiKey": "<API_KEY>",
            "weight": 0.5,
            "override_params": { "model": "claude-v1" }
        }]
    },
    "params": {
        "messages": [{"role": "user","content":"What are the top 10 happiest countries in the world?"}],
        "max_tokens": 50,
        "user": "jbu3470"
    }
}'
`;

const seventyThirty = `
curl --location 'https://api.portkey.ai/v1/chatComplete' \\
--header 'Content-Type: application/json' \\
--header 'x-portkey-api-key: <PORTKEY_API_KEY>' \\
--data '{
    "config": {
        "mode": "loadbalance",
        "options": [{
            "provider": "azure-openai",
	    "apiKey": "<AZURE_API_KEY>",
	    "resourceName": "<AZURE_RESOURCE_NAME>",
	    "deploymentId": "<AZURE_DEPLOYMENT_NAME>",
	    "apiVersion": "<AZURE_API_VERSION>",
	    "weight": 0.7
        }, {
            "provider": "openai",
            "apiKey": "<OPENAI_API_KEY>",
            "weight": 0.3
        }]
    },
    "params": {
        "messages": [{"role": "user","content":"What are the top 10 happiest countries in the world?"}],
        "max_tokens": 50,
        "user": "jbu3470",
        "model": "gpt-3.5-turbo"
    }
}'
`;

async function portkey(random: number) {
  const { url } = await served({ fetch: redirectedTo(simulator), random: () => random });
  return (command: string) => shell(command, 'https://api.portkey.ai', url);
}

it.each([
  [0.1, 'openai', 'gpt-3.5-turbo'],
  [0.9, 'anthropic', 'claude-v1'],
])('balances equally: at %f it asks %s', async (random, provider, model) => {
  const { status, body } = await (await portkey(random))(equally);
  expect(body.error).toBeUndefined();
  expect([status, simulator.called()]).toEqual([200, [provider]]);
  expect(simulator.bodies(provider)[0]).toMatchObject({ model, max_tokens: 50 });
});

it('balances an Azure deployment and OpenAI 70 to 30', async () => {
  const send = await portkey(0);
  const command = seventyThirty
    .replace('<AZURE_RESOURCE_NAME>', 'eu')
    .replace('<AZURE_DEPLOYMENT_NAME>', 'gpt')
    .replace('<AZURE_API_VERSION>', '2024-02-01');
  for (let call = 0; call < 10; call++) expect((await send(command)).status).toBe(200);
  expect(simulator.requests('azure-openai')).toHaveLength(7);
  expect(simulator.requests('openai')).toHaveLength(3);
});

it('completes a text at /v1/complete', async () => {
  const { url } = await served({ fetch: redirectedTo(simulator) });
  const response = await post(`${url}/v1/complete`, {
    config: { provider: 'openai', apiKey: 'k' },
    params: { model: 'gpt-3.5-turbo-instruct', prompt: 'Once' },
  });
  expect(response.status).toBe(200);
  expect(simulator.requests('openai')[0]?.path).toBe('/v1/completions');
});

it.each([
  ['no params', { config: {} }, 'params'],
  ['something else beside them', { config: {}, params: {}, parms: 1 }, 'parms'],
  ['a config that is none', { config: 7, params: { messages: [] } }, 'config'],
])('refuses %s', async (_what, body, param) => {
  const { url } = await served({ fetch: redirectedTo(simulator) });
  const response = await post(`${url}/v1/chatComplete`, body);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', param } });
});

it('a config in the body is a caller’s: it reaches no private address', async () => {
  const { url } = await served();
  const config = { provider: 'openai', apiKey: 'k', customHost: 'http://169.254.169.254/v1' };
  const response = await post(`${url}/v1/chatComplete`, { config, params: { messages: [] } });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('private address');
});

function post(url: string, body: object) {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}
