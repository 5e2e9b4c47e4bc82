import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { providers } from '../../src/providers/hosts/index.ts';
import { openai } from '../../src/providers/hosts/openai.ts';
import { families, familyOf, type Run, runsOf, serves, ways } from './runs.ts';
import { folderOf } from './suite/requests.ts';

const folder = new URL('./', import.meta.url);
const fixtures = new URL('../fixtures/providers/', import.meta.url);
const runs = families.flatMap(runsOf);

it.each(providers.map(({ name }) => name))('%s is run', (name) => {
  expect(runs.filter((run) => run.provider.name === name).length).toBeGreaterThan(0);
});

it('a provider of a wire format that no family speaks would not be run', () => {
  const ofTomorrow = { ...openai, name: 'tomorrow', dialect: { ...openai.dialect, name: 'tomorrow' } };
  expect(familyOf(ofTomorrow)).toBeUndefined();
});

it.each(families)('%s.test.ts runs its family', (family) => {
  const text = readFileSync(new URL(`${family}.test.ts`, folder), 'utf8');
  expect(text).toContain(`('${family}')`);
});

it('names ways of registered providers only', () => {
  const names = providers.map(({ name }) => name);
  expect(Object.keys(ways).filter((name) => !names.includes(name))).toEqual([]);
});

const chats = runs.filter((run) => serves(run.provider, 'chat/completions') && run.provider.retired === undefined);

it('holds the three requests of every run, and nothing else', () => {
  expect(readdirSync(fixtures).toSorted()).toEqual(chats.map(folderOf).toSorted());
  for (const run of chats) {
    const files = readdirSync(new URL(`${folderOf(run)}/`, fixtures)).toSorted();
    expect(files).toEqual(['chat-request.json', 'json-schema-request.json', 'reasoning-request.json']);
  }
});

it('embeds wherever a provider has embeddings, but for those the simulator does not speak', () => {
  const silent = providers
    .filter((provider) => provider.retired === undefined && serves(provider, 'embeddings'))
    .filter(({ name }) => !runs.some((run: Run) => run.provider.name === name && run.embeddingModel !== undefined));
  expect(silent.map(({ name }) => name)).toEqual(['bedrock']);
});
