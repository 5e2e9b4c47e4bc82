import { expect, it } from 'vitest';
import { providers } from '../../../src/providers/hosts/index.ts';
import { type Call, requestOf } from './request-of.ts';

// Hosts with rules of their own have a test file each.
const chatUrls: Record<string, string> = {
  openai: 'https://api.openai.com/v1/chat/completions',
  anyscale: 'https://api.endpoints.anyscale.com/v1/chat/completions',
  ai21: 'https://api.ai21.com/studio/v1/chat/completions',
  cerebras: 'https://api.cerebras.ai/v1/chat/completions',
  dashscope: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions',
  deepinfra: 'https://api.deepinfra.com/v1/openai/chat/completions',
  deepseek: 'https://api.deepseek.com/v1/chat/completions',
  'featherless-ai': 'https://api.featherless.ai/v1/chat/completions',
  'fireworks-ai': 'https://api.fireworks.ai/inference/v1/chat/completions',
  github: 'https://models.github.ai/inference/chat/completions',
  groq: 'https://api.groq.com/openai/v1/chat/completions',
  huggingface: 'https://router.huggingface.co/v1/chat/completions',
  hyperbolic: 'https://api.hyperbolic.xyz/v1/chat/completions',
  'inference-net': 'https://api.inference.net/v1/chat/completions',
  'kluster-ai': 'https://api.kluster.ai/v1/chat/completions',
  lambda: 'https://api.lambda.ai/v1/chat/completions',
  lepton: 'https://api.lepton.ai/api/v1/chat/completions',
  lingyi: 'https://api.lingyiwanwu.com/v1/chat/completions',
  'llama-cpp': 'http://localhost:8080/v1/chat/completions',
  'lm-studio': 'http://localhost:1234/v1/chat/completions',
  'mistral-ai': 'https://api.mistral.ai/v1/chat/completions',
  moonshot: 'https://api.moonshot.cn/v1/chat/completions',
  nebius: 'https://api.tokenfactory.nebius.com/v1/chat/completions',
  'novita-ai': 'https://api.novita.ai/v3/openai/chat/completions',
  nscale: 'https://inference.api.nscale.com/v1/chat/completions',
  'nvidia-nim': 'https://integrate.api.nvidia.com/v1/chat/completions',
  ollama: 'http://localhost:11434/v1/chat/completions',
  openrouter: 'https://openrouter.ai/api/v1/chat/completions',
  ovhcloud: 'https://oai.endpoints.kepler.ai.cloud.ovh.net/v1/chat/completions',
  'perplexity-ai': 'https://api.perplexity.ai/chat/completions',
  'reka-ai': 'https://api.reka.ai/v1/chat/completions',
  sambanova: 'https://api.sambanova.ai/v1/chat/completions',
  siliconflow: 'https://api.siliconflow.cn/v1/chat/completions',
  'together-ai': 'https://api.together.xyz/v1/chat/completions',
  upstage: 'https://api.upstage.ai/v1/chat/completions',
  vllm: 'http://localhost:8000/v1/chat/completions',
  'x-ai': 'https://api.x.ai/v1/chat/completions',
  'z-ai': 'https://api.z.ai/api/paas/v4/chat/completions',
  zhipu: 'https://open.bigmodel.cn/api/paas/v4/chat/completions',
};

const others: Record<string, { call: Call; url: string }> = {
  anthropic: { call: {}, url: 'https://api.anthropic.com/v1/messages' },
  voyage: { call: embedding(), url: 'https://api.voyageai.com/v1/embeddings' },
  jina: { call: embedding(), url: 'https://api.jina.ai/v1/embeddings' },
  nomic: { call: embedding(), url: 'https://api-atlas.nomic.ai/v1/embedding/text' },
  'azure-openai': {
    call: { settings: { resourceName: 'res' } },
    url: 'https://res.openai.azure.com/openai/deployments/m/chat/completions?api-version=2024-10-21',
  },
  'azure-ai': {
    call: { settings: { foundryUrl: 'https://res.services.ai.azure.com' } },
    url: 'https://res.services.ai.azure.com/models/chat/completions?api-version=2024-05-01-preview',
  },
  'workers-ai': {
    call: { settings: { accountId: 'acc' } },
    url: 'https://api.cloudflare.com/client/v4/accounts/acc/ai/v1/chat/completions',
  },
  predibase: {
    call: { settings: { tenantId: 'ten' } },
    url: 'https://serving.app.predibase.com/ten/deployments/v2/llms/m/v1/chat/completions',
  },
  'openai-compatible': {
    call: { settings: { customHost: 'http://localhost:9/v1' } },
    url: 'http://localhost:9/v1/chat/completions',
  },
};

function embedding(): Call {
  return { endpoint: 'embeddings', body: { model: 'm', input: 'hi' } };
}

const inUse = providers.filter(({ retired }) => retired === undefined);
const here = inUse.filter(({ name, dialect }) => dialect.name === 'openai' || Object.hasOwn(others, name));

it('every host of OpenAI’s format stands in a table', () => {
  expect(here.map(({ name }) => name).toSorted()).toEqual(
    [...Object.keys(chatUrls), ...Object.keys(others)].toSorted(),
  );
});

it.each(Object.entries(chatUrls))('%s is asked at %s', async (name, url) => {
  expect(await requestOf(name)).toEqual({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', authorization: 'Bearer key' },
    body: '{"model":"m","messages":[{"role":"user","content":"hi"}]}',
  });
});

it.each(Object.entries(others))('%s is asked at its own address', async (name, { call, url }) => {
  expect((await requestOf(name, call)).url).toBe(url);
});

const bases = Object.entries(chatUrls).filter(([name]) => name !== 'perplexity-ai');
it.each(bases)('%s at a custom host, whatever its spelling', async (name, url) => {
  const tail = /\/v\d[^/]*(?:\/openai)?(?=\/chat)|\/inference(?=\/chat)/.exec(url)?.[0];
  for (const host of [
    'http://127.0.0.1:9',
    'http://127.0.0.1:9/',
    `http://127.0.0.1:9${tail}`,
    `http://127.0.0.1:9${tail}/`,
  ]) {
    const request = await requestOf(name, { settings: { customHost: host } });
    expect(request.url).toBe(`http://127.0.0.1:9${tail}/chat/completions`);
  }
});

const keyed = here.filter(({ needsKey }) => needsKey !== false);
it.each(keyed.map(({ name, title, env }) => ({ name, title, variable: env[0]! })))(
  '$name without a key is a 401 that says what to do',
  async ({ name, title, variable }) => {
    const { call = {} } = others[name] ?? {};
    const failed = requestOf(name, { ...call, apiKey: undefined });
    await expect(failed).rejects.toMatchObject({ status: 401, kind: 'auth', type: 'missing_api_key' });
    await expect(failed).rejects.toThrow(title);
    await expect(failed).rejects.toThrow('api_key or virtual_key');
    await expect(failed).rejects.toThrow(variable);
  },
);

it.each(['ollama', 'lm-studio', 'vllm', 'llama-cpp', 'ovhcloud'])('%s needs no key', async (name) => {
  expect((await requestOf(name, { apiKey: undefined })).headers).toEqual({ 'content-type': 'application/json' });
});
