import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { endpointsOf, loadedDialect } from '../../../src/core/dialect-parts.ts';
import type { Provider } from '../../../src/core/provider.ts';
import { findProvider, providerNames, providers, suggestProvider } from '../../../src/providers/hosts/index.ts';

const folder = new URL('../../../src/providers/hosts/', import.meta.url);
const helpers = ['azure-auth', 'azure-deployment', 'base-url', 'compatible', 'quirks', 'settings', 'to-http-request'];
const files = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''));

function isProvider(value: unknown): value is Provider {
  return typeof value === 'object' && value !== null && 'authenticate' in value && 'dialect' in value;
}

it.each(files.filter((file) => file !== 'index' && !helpers.includes(file)))('%s.ts is registered', async (file) => {
  const exported = Object.values((await import(`${folder}${file}.ts`)) as object).filter(isProvider);
  expect(exported.length).toBeGreaterThan(0);
  for (const provider of exported) expect(providers).toContain(provider);
});

it('registers each provider once, under names nobody else has', () => {
  const names = providers
    .flatMap(({ name, aliases = [] }) => [name, ...aliases])
    .map((name) => name.replaceAll('_', '-'));
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  for (const name of names) expect(name).toMatch(/^[a-z0-9.-]+$/);
});

it('names the providers in use and not the retired ones', () => {
  expect(providerNames).toContain('openai');
  expect(providerNames).not.toContain('palm');
  expect(providerNames.length).toBe(providers.length - 2);
});

it.each([
  ['openai', 'openai'],
  ['OpenAI', 'openai'],
  ['azure', 'azure-openai'],
  ['azure_openai', 'azure-openai'],
  ['azure_ai', 'azure-ai'],
  ['mistral', 'mistral-ai'],
  ['together_ai', 'together-ai'],
  ['fireworks_ai', 'fireworks-ai'],
  ['xai', 'x-ai'],
  ['perplexity', 'perplexity-ai'],
  ['deepinfra', 'deepinfra'],
  ['hosted_vllm', 'vllm'],
  ['lm_studio', 'lm-studio'],
  ['nvidia_nim', 'nvidia-nim'],
  ['zai', 'z-ai'],
  ['novita', 'novita-ai'],
  ['featherless_ai', 'featherless-ai'],
  ['lambda_ai', 'lambda'],
  ['jina_ai', 'jina'],
  ['cloudflare', 'workers-ai'],
  ['ollama_chat', 'ollama'],
  ['llama.cpp', 'llama-cpp'],
  ['openai_like', 'openai-compatible'],
  ['palm', 'palm'],
  ['toString', undefined],
  ['nobody', undefined],
])('%s is the provider %s', (name, found) => {
  expect(findProvider(name)?.name).toBe(found);
});

it.each([
  ['opnai', 'openai'],
  ['azur_openai', 'azure-openai'],
  ['mistrall', 'mistral-ai'],
  ['deepsek', 'deepseek'],
  ['qqqqqqqq', undefined],
])('suggests for %s: %s', (name, suggestion) => {
  expect(suggestProvider(name)).toBe(suggestion);
});

it.each(['palm', 'googlebard'])('%s is retired and names its successor', (name) => {
  expect(findProvider(name)?.retired).toMatch(/provider "google"/);
});

it('serves only endpoints that its dialect can translate', async () => {
  for (const { name, dialect, endpoints = [] } of providers) {
    const { codecs } = await loadedDialect(dialect);
    const lacking = endpoints.filter((endpoint) => endpoint !== 'models' && codecs[endpoint] === undefined);
    expect({ name, lacking }).toEqual({ name, lacking: [] });
  }
});

it('knows of a dialect before it is loaded what it says of itself then', async () => {
  for (const { dialect } of providers) {
    const loaded = await loadedDialect(dialect);
    expect({ name: dialect.name, endpoints: endpointsOf(dialect) }).toEqual({
      name: loaded.name,
      endpoints: endpointsOf(loaded),
    });
  }
});
