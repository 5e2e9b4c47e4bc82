import { describe, expect, it } from 'vitest';
import { Credentials } from '../../src/core/credentials.ts';
import { toSettings } from '../../src/core/settings.ts';
import { providers } from '../../src/providers/hosts/index.ts';
import { requestOf } from '../providers/hosts/request-of.ts';
import { families, type Run, runsOf, serves } from './runs.ts';

const runs = families.filter((family) => family !== 'retired').flatMap(runsOf);
const local = ['ollama', 'vllm', 'lm-studio', 'llama-cpp'];

describe.each(runs.map((run) => [run.title, run] as const))('%s', (_, run) => {
  const { provider } = run;
  // It has no address of its own: custom_host is the address.
  const isNowhere = provider.name === 'openai-compatible';

  it.skipIf(isNowhere)(
    'has a base URL with TLS, or on this machine, without slash, query and version said twice',
    () => {
      const { protocol, hostname, search, hash, pathname } = new URL(baseOf(run));
      expect(local.includes(provider.name) ? [protocol, hostname] : [protocol]).toEqual(
        local.includes(provider.name) ? ['http:', 'localhost'] : ['https:'],
      );
      expect(baseOf(run)).toMatch(/[^/]$/);
      expect([search, hash]).toEqual(['', '']);
      expect(pathname).not.toMatch(/\/\/|(\/v\d+)\1/);
    },
  );

  it.skipIf(isNowhere)('is asked below its base URL, which as custom_host changes nothing', async () => {
    const official = await urlOf(run);
    const { origin, pathname } = new URL(baseOf(run));
    expect(official.startsWith(`${origin}${pathname.replace(/\/$/, '')}/`)).toBe(true);
    expect(await urlOf(run, baseOf(run))).toBe(official);
    expect(await urlOf(run, `${baseOf(run)}/`)).toBe(official);
    expect(await urlOf(run, origin)).toBe(official);
  });

  it('is asked at one URL at a custom host, with and without version and slash', async () => {
    const tail = isNowhere ? '/v1' : tailOf(baseOf(run));
    const urls = await Promise.all(['', '/', tail, `${tail}/`].map((end) => urlOf(run, `http://127.0.0.1:9${end}`)));
    expect(new Set(urls).size).toBe(1);
    expect(urls[0]?.startsWith(`http://127.0.0.1:9${tail}/`)).toBe(true);
    expect(urls[0]).not.toMatch(/(\/v\d+)\1|[^:]\/\//);
  });

  it('keeps a prefix and another version of a custom host', async () => {
    const url = await urlOf(run, 'http://127.0.0.1:9/gate/way/v7/');
    expect(url.startsWith('http://127.0.0.1:9/gate/way/v7/')).toBe(true);
    expect(url.slice('http://127.0.0.1:9/gate/way/v7'.length)).not.toMatch(/^\/v7|\/\//);
  });
});

it('covers every provider in use', () => {
  const inUse = providers.filter(({ retired }) => retired === undefined).map(({ name }) => name);
  expect([...new Set(runs.map(({ provider }) => provider.name))].toSorted()).toEqual(inUse.toSorted());
});

function settingsOf({ provider, fields, environment }: Run, customHost?: string) {
  const found = Object.entries(provider.envSettings ?? {}).flatMap(([name, variables]) =>
    variables.flatMap((variable) => (environment[variable] === undefined ? [] : [[name, environment[variable]]])),
  );
  const { settings } = toSettings(fields, provider.fieldPrefix);
  return {
    ...settings,
    ...Object.fromEntries(found),
    ...(customHost === undefined ? {} : { customHost }),
    ...foundry(provider.name),
  };
}

/** Azure AI Foundry has an address for every resource. */
function foundry(name: string): object {
  return name === 'azure-ai' ? { foundryUrl: 'https://resource-1.services.ai.azure.com' } : {};
}

function baseOf(run: Run): string {
  const { provider, model } = run;
  const settings = settingsOf(run);
  const credentials = new Credentials({ provider: provider.name, apiKey: 'key-1', settings });
  const target = { endpoint: 'chat/completions', model, stream: false, settings, credentials } as const;
  return typeof provider.baseUrl === 'string' ? provider.baseUrl : provider.baseUrl(target);
}

async function urlOf(run: Run, customHost?: string): Promise<string> {
  const isChat = serves(run.provider, 'chat/completions');
  const body = { model: run.model, ...(isChat ? { messages: [{ role: 'user', content: 'hi' }] } : { input: 'hi' }) };
  const endpoint = isChat ? 'chat/completions' : 'embeddings';
  return (await requestOf(run.provider, { endpoint, body, settings: settingsOf(run, customHost) })).url;
}

/** From the last version of the base URL on; its whole path where it has none. */
function tailOf(base: string): string {
  const { pathname } = new URL(base);
  return /\/v\d[a-z0-9]*(?!.*\/v\d)(?:\/.*)?$/.exec(pathname)?.[0] ?? pathname.replace(/\/$/, '');
}
