import { expect, it } from 'vitest';
import { expandRefs, type FindConfig } from '../../src/config/refs.ts';
import { ConfigError } from '../../src/core/errors/config-error.ts';

const configs: Readonly<Record<string, unknown>> = {
  a: { provider: 'openai', weight: 9, name: 'own' },
  b: { strategy: { mode: 'fallback' }, targets: [{ ref: 'a' }, { provider: 'groq' }] },
  legacy: { mode: 'single', options: [{ provider: 'openai', apiKey: 'k' }] },
  self: { ref: 'self' },
  circle: { strategy: { mode: 'fallback' }, targets: [{ provider: 'openai' }, { ref: 'back' }] },
  back: { strategy: { mode: 'fallback' }, targets: [{ ref: 'circle' }] },
  text: 'no object',
};

const atOnce: FindConfig = Object.assign((id: string) => configs[id], { ids: () => Object.keys(configs) });
const later: FindConfig = Object.assign(async (id: string) => configs[id], { ids: atOnce.ids ?? (() => []) });

const finders: readonly (readonly [string, FindConfig])[] = [
  ['at once', atOnce],
  ['later', later],
];

const cases: readonly (readonly [string, unknown, unknown, readonly string[]])[] = [
  ['a config without refs as it is', configs.a, configs.a, []],
  ['a ref at the root', { ref: 'a' }, configs.a, ['a']],
  [
    'refs inside refs',
    { ref: 'b' },
    { strategy: { mode: 'fallback' }, targets: [configs.a, { provider: 'groq' }] },
    ['b', 'a'],
  ],
  [
    'weight and name beside a ref over the config’s own',
    { ref: 'a', weight: 2, name: 'x' },
    { provider: 'openai', weight: 2, name: 'x' },
    ['a'],
  ],
  [
    'the legacy form',
    { ref: 'legacy' },
    { strategy: { mode: 'single' }, targets: [{ provider: 'openai', apiKey: 'k' }] },
    ['legacy'],
  ],
  [
    'one config in two places',
    { strategy: { mode: 'fallback' }, targets: [{ ref: 'a' }, { ref: 'a', weight: 1 }] },
    { strategy: { mode: 'fallback' }, targets: [configs.a, { ...(configs.a as object), weight: 1 }] },
    ['a'],
  ],
];

it.each(finders.flatMap(([when, find]) => cases.map((row) => [when, find, ...row] as const)))(
  'looking up %s, expands %s',
  async (...[, find, , document, expected, ids]) => {
    const expanded = await expandRefs(document, find);
    expect(expanded.document).toEqual(expected);
    expect([...expanded.refs.keys()]).toEqual(ids);
  },
);

const targets = (...given: unknown[]) => ({ strategy: { mode: 'fallback' }, targets: given });

it.each<[string, unknown, string]>([
  ['a ref to itself', { ref: 'self' }, '$.ref: The configs refer to each other in a circle: self -> self.'],
  [
    'a circle below others',
    targets({ ref: 'circle' }),
    '$.targets[0].targets[1].targets[0].ref: The configs refer to each other in a circle: circle -> back -> circle.',
  ],
  [
    'an unknown ID',
    targets({ ref: 'legcay' }),
    '$.targets[0].ref: There is no config "legcay". Did you mean "legacy"?',
  ],
  ['what is no config', { ref: 'text' }, '$.ref: There is no config "text".'],
  [
    'a key beside a ref',
    targets({ ref: 'a', override_params: {} }),
    '$.targets[0].override_params: Cannot stand beside "ref"',
  ],
])('refuses %s', async (_, document, message) => {
  for (const [, find] of finders) {
    const error = await (async () => expandRefs(document, find))().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).message).toContain(message);
  }
});

it('leaves the documents it was given untouched', async () => {
  const before = structuredClone(configs);
  await expandRefs({ ref: 'b', weight: 5 }, later);
  expect(configs).toEqual(before);
});
