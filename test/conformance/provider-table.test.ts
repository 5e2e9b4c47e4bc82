import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Credentials } from '../../src/core/credentials.ts';
import { providers } from '../../src/providers/hosts/index.ts';
import { providerTable, withProviderTable } from './provider-table.ts';

const page = readFileSync(new URL('../../docs/providers.md', import.meta.url), 'utf8');

it('docs/providers.md holds the table of providers; `npm run table` brings it up to date', () => {
  expect(page).toBe(withProviderTable(page));
});

it('has a row for every provider in use, and none for a retired one', () => {
  const names = [...providerTable().matchAll(/\*\*`([^`]+)`\*\*/g)].map(([, name]) => name);
  const inUse = providers.filter(({ retired }) => retired === undefined).map(({ name }) => name);
  expect(names.toSorted()).toEqual(inUse.toSorted());
});

it('is what editors complete: the type of names has each of them', () => {
  const source = readFileSync(new URL('../../src/core/provider-name.ts', import.meta.url), 'utf8');
  const typed = [...source.matchAll(/^ {2}\| '([^']+)'/gm)].map(([, name]) => name);
  const inUse = providers.filter(({ retired }) => retired === undefined).map(({ name }) => name);
  expect(typed).toEqual(inUse.toSorted());
});

it('says what a chat-only provider serves, and what is translated for it', () => {
  expect(providerTable()).toContain(
    '| AI21 | **`ai21`**, `ai21-chat` | `chat/completions`, *`responses`*, `models`, *`messages`*, `proxy` | bearer | `AI21_API_KEY` |',
  );
});

it('refuses a page without its marks', () => {
  expect(() => withProviderTable('# Title')).toThrow('<!-- providers:start -->');
});

const plain = providers.filter(
  ({ name, retired }) => retired === undefined && name !== 'bedrock' && name !== 'vertex-ai',
);
it.each(plain.map((provider) => [provider.name, provider] as const))(
  'tells how %s takes its key',
  async (name, provider) => {
    const credentials = new Credentials({ provider: name, apiKey: 'key-1' });
    const scope = {
      transport: { send: () => Promise.reject(new Error('no network here')) },
      now: () => 0,
      signal: new AbortController().signal,
    };
    const request = { method: 'POST', url: 'https://r.services.ai.azure.com/', headers: {} };
    const { headers } = await provider.authenticate(request, credentials, scope);
    const [header] = Object.keys(headers);
    const row = providerTable()
      .split('\n')
      .find((line) => line.includes(`**\`${name}\`**`));
    expect(row).toContain(header === 'authorization' ? '| bearer' : `\`${header}\``);
  },
);
