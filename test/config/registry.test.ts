import { expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import type { FindConfig } from '../../src/config/refs.ts';
import { createConfigRegistry } from '../../src/config/registry.ts';
import { ConfigError, ConfigNotFoundError } from '../../src/core/errors/config-error.ts';
import { createEventHub } from '../../src/core/event-hub.ts';
import { replyOf } from '../support/engine.ts';

/** A registry that notes what it compiles. */
function registryOf(find?: FindConfig) {
  const compiled: Config[] = [];
  const warnings: string[] = [];
  const events = createEventHub();
  events.on('warning', ({ message }) => warnings.push(message));
  const registry = createConfigRegistry(
    (config) => {
      compiled.push(config);
      return async () => replyOf('config');
    },
    find,
    events,
  );
  return { registry, compiled, warnings };
}

const openai = { provider: 'openai' };

it('compiles an object once, and its JSON once', () => {
  const { registry, compiled } = registryOf();
  const given = { ...openai };
  expect(registry.compiled(given)).toBe(registry.compiled(given));
  const text = JSON.stringify(openai);
  expect(registry.compiled(text)).toBe(registry.compiled(text));
  expect(compiled).toEqual([openai, openai]);
});

it('answers at once where the lookup does', () => {
  const { registry, compiled } = registryOf((id) => ({ 'pc-a': openai })[id]);
  expect(registry.compiled('pc-a')).toMatchObject({ config: openai });
  expect(registry.compiled('pc-a')).not.toBeInstanceOf(Promise);
  expect(() => registry.compiled('pc-b')).toThrow(ConfigNotFoundError);
  expect(compiled).toEqual([openai]);
});

it('compiles an ID again only when it leads to another object', async () => {
  let found: object = { ...openai };
  const { registry, compiled } = registryOf(async () => found);
  const first = await registry.compiled('pc-a');
  expect(await registry.compiled('pc-a')).toBe(first);
  found = { provider: 'groq' };
  expect((await registry.compiled('pc-a')).config).toEqual({ provider: 'groq' });
  expect(compiled).toHaveLength(2);
});

it('compiles a config with refs again only when a ref leads to another object', async () => {
  const main = { strategy: { mode: 'fallback' as const }, targets: [{ ref: 'pc-a' }] };
  let a: object = { ...openai };
  const { registry, compiled } = registryOf(async () => a);
  const first = await registry.compiled(main);
  expect(await registry.compiled(main)).toBe(first);
  a = { provider: 'groq' };
  expect((await registry.compiled(main)).config.targets).toEqual([{ provider: 'groq' }]);
  expect(compiled).toHaveLength(2);
});

it('keeps the last good config through a broken one, and tells once', async () => {
  let found: object = { ...openai };
  const { registry, warnings } = registryOf(async () => found);
  const good = await registry.compiled('pc-a');
  found = { provider: 'opnai' };
  expect(await registry.compiled('pc-a')).toBe(good);
  expect(await registry.compiled('pc-a')).toBe(good);
  expect(warnings).toEqual([expect.stringContaining('Config "pc-a" changed into a broken one')]);
  found = { provider: 'groq' };
  expect((await registry.compiled('pc-a')).config).toEqual({ provider: 'groq' });
});

it('refuses a broken config that never was good', async () => {
  const { registry } = registryOf(async () => ({ provider: 'opnai' }));
  await expect(async () => registry.compiled('pc-a')).rejects.toThrow(ConfigError);
});

it.each<[string, unknown, string]>([
  ['a number', 5, 'not a number'],
  ['a list', [], 'not a list'],
  ['null', null, 'not null'],
  ['broken JSON', '{"provider":', 'Not valid JSON: line 1, column 13.'],
])('refuses %s', (_, given, message) => {
  expect(() => registryOf().registry.compiled(given)).toThrow(message);
});

it('says what is missing when an ID is given and nothing looks IDs up', async () => {
  const { registry } = registryOf();
  await expect(async () => registry.compiled('pc-a')).rejects.toThrow('the client has no "configs"');
});
