import { expect, it } from 'vitest';
import type { ServerOptions } from '../../src/server/index.ts';
import { served } from '../support/served.ts';
import { simulated } from '../support/simulated.ts';

const simulator = simulated();
const admin = { authorization: 'Bearer sk-admin' };

async function get(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers });
  return { status: response.status, body: await response.json() };
}

async function post(url: string, body: object, headers: Record<string, string> = {}) {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
  const response = await fetch(url, init);
  return { status: response.status, body: await response.json() };
}

const groups = (): ServerOptions['config'] => ({
  model_groups: {
    'gpt-4o': {
      strategy: { mode: 'loadbalance' },
      targets: [
        simulator.target('openai', { id: 'main', max_input_tokens: 8000, pricing: { input: 2.5, output: 10 } }),
        simulator.target('groq', {
          max_input_tokens: 4000,
          override_params: { model: 'llama-3' },
          pricing: { input_cost_per_token: 0.000003 },
        }),
      ],
    },
    claude: simulator.target('anthropic', { override_params: { model: 'claude-3' } }),
  },
  aliases: { gpt: 'gpt-4o' },
});

it('answers the probes that deployments of LiteLLM are set up with, without a key', async () => {
  const { url } = await served({ config: simulator.target('openai'), adminKey: 'sk-admin' });
  for (const path of ['/health/liveliness', '/health/liveness'])
    expect(await get(url + path)).toEqual({ status: 200, body: { status: 'ok' } });
  expect(await get(`${url}/health/readiness`)).toMatchObject({ status: 200, body: { status: 'ready' } });
  expect(simulator.requests()).toEqual([]);
});

it('lists the targets of each model with limits and prices, and no key or address', async () => {
  const { url } = await served({ config: groups() });
  const main = {
    litellm_params: { model: 'openai/gpt-4o' },
    model_info: {
      id: 'main',
      litellm_provider: 'openai',
      max_input_tokens: 8000,
      input_cost_per_token: 0.0000025,
      output_cost_per_token: 0.00001,
    },
  };
  const expected = [
    { model_name: 'gpt-4o', ...main },
    {
      model_name: 'gpt-4o',
      litellm_params: { model: 'groq/llama-3' },
      model_info: {
        id: 'config.model_groups["gpt-4o"].targets[1]',
        litellm_provider: 'groq',
        max_input_tokens: 4000,
        input_cost_per_token: 0.000003,
      },
    },
    {
      model_name: 'claude',
      litellm_params: { model: 'anthropic/claude-3' },
      model_info: { id: 'config.model_groups["claude"]', litellm_provider: 'anthropic' },
    },
  ];
  for (const path of ['/model/info', '/v1/model/info']) {
    const { status, body } = await get(url + path);
    expect(status).toBe(200);
    expect(body.data.slice(0, 3)).toEqual(expected);
    expect(body.data[3]).toEqual({ model_name: 'gpt', ...main });
  }
  expect((await get(`${url}/model_group/info`)).body.data[0]).toEqual({
    model_group: 'gpt-4o',
    providers: ['openai', 'groq'],
    max_input_tokens: 8000,
    input_cost_per_token: 0.000003,
    output_cost_per_token: 0.00001,
  });
  expect(simulator.requests()).toEqual([]);
});

it('lists the models that a config without groups sets', async () => {
  const target = simulator.target('openai', { override_params: { model: 'gpt-4o' } });
  const { url } = await served({
    config: { strategy: { mode: 'fallback' }, targets: [target, simulator.target('groq')] },
  });
  const { body } = await get(`${url}/model/info`);
  expect(body.data.map(({ model_name }: { model_name: string }) => model_name)).toEqual(['gpt-4o']);
});

it('lists as models of OpenAI only what can be asked for, not the places of targets', async () => {
  const target = simulator.target('openai', { override_params: { model: 'gpt-4o' } });
  const targets = [simulator.target('groq'), target, simulator.target('xai', { name: 'spare' })];
  const { url } = await served({ config: { strategy: { mode: 'fallback' }, targets } });
  const { body } = await get(`${url}/v1/models`);
  expect(body.data).toEqual([{ id: 'gpt-4o', object: 'model', created: 0, owned_by: 'openai' }]);
});

it('tells a key only of the models it may ask for', async () => {
  const { url } = await served({ config: groups(), adminKey: 'sk-admin' });
  const { body: made } = await post(`${url}/key/generate`, { models: ['claude'] }, admin);
  const { body } = await get(`${url}/model/info`, { authorization: `Bearer ${made.key}` });
  expect(body.data.map(({ model_name }: { model_name: string }) => model_name)).toEqual(['claude']);
  expect((await get(`${url}/model/info`)).status).toBe(401);
});

it('counts the tokens of a prompt as its limits do, and asks nobody', async () => {
  const messages = [{ role: 'user', content: 'One two three' }];
  const counted = await served({ config: simulator.target('openai'), tokenizer: (text) => text.split(' ').length });
  const { status, body } = await post(`${counted.url}/utils/token_counter`, {
    model: 'gpt-4o',
    prompt: 'One two three',
  });
  expect({ status, body }).toEqual({
    status: 200,
    body: { total_tokens: 3, request_model: 'gpt-4o', model_used: 'gpt-4o', tokenizer_type: 'own' },
  });
  const estimated = await served({ config: simulator.target('openai') });
  const { body: guess } = await post(`${estimated.url}/utils/token_counter`, { model: 'gpt-4o', messages });
  expect(guess).toMatchObject({ tokenizer_type: 'approximate' });
  expect(guess.total_tokens).toBeGreaterThan(7);
  expect(simulator.requests()).toEqual([]);
});

it.each([
  [{ prompt: 'x' }, 'model'],
  [{ model: 'gpt-4o' }, 'messages'],
])('says what is missing to count %j', async (given, param) => {
  const { url } = await served({ config: simulator.target('openai') });
  expect(await post(`${url}/utils/token_counter`, given)).toMatchObject({ status: 400, body: { error: { param } } });
});

it.each([
  ['/v1/api-keys', '/key/generate'],
  ['/v1/integrations', 'virtual keys'],
  ['/v1/providers/openai', 'virtual keys'],
  ['/v1/admin/providers/openai/keyvault/main', 'virtual keys'],
  ['/v1/logs', '/v1/logs/analytics'],
  ['/v1/logs/exports', '/v1/logs/analytics'],
  ['/v1/guardrails', 'input_guardrails'],
  ['/v1/secrets/main/reload', 'virtual keys'],
  ['/team/new', 'keeps no accounts'],
  ['/model/new', '/model/info'],
  ['/spend/calculate', '/metrics'],
  ['/config/update', 'config'],
])('refuses %s of another product, and hands none of it to a provider', async (path, hint) => {
  const { url } = await served({ config: simulator.target('openai') });
  const { status, body } = await post(url + path, { key: 'sk-of-a-provider' });
  expect(status).toBe(404);
  expect(body.error).toMatchObject({ code: 'unknown_url' });
  expect(body.error.message).toContain(hint);
  expect(simulator.requests()).toEqual([]);
});
