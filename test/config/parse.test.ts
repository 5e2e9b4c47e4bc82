import { expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import { ConfigError } from '../../src/core/errors/config-error.ts';

const target = { provider: 'openai', api_key: 'sk-canary-secret' };

/** Every issue of a config, as `path: message`. */
function issuesOf(config: unknown): readonly string[] {
  try {
    parseConfig(config);
  } catch (error) {
    if (error instanceof ConfigError) return error.issues.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

const fallback = (...targets: unknown[]) => ({ strategy: { mode: 'fallback' }, targets });
const balance = (...targets: unknown[]) => ({ strategy: { mode: 'loadbalance' }, targets });
const conditional = (strategy: object, ...targets: unknown[]) => ({
  strategy: { mode: 'conditional', ...strategy },
  targets,
});
const when = (then: string, query: object = {}) => ({ query, then });

it.each<[string, unknown]>([
  ['a lone target', target],
  ['an empty config: the options say whom to ask', {}],
  ['retry alone', { retry: { attempts: 3 } }],
  ['nested nodes', balance({ virtual_key: 'a', weight: 0.5 }, { ...fallback(target, target), weight: 0.5 })],
  [
    'camelCase',
    {
      strategy: { mode: 'fallback', onStatusCodes: [429] },
      targets: [{ provider: 'openai', apiKey: 'x', overrideParams: { a: 1 } }],
    },
  ],
  ['both spellings of the retry header', { retry: { attempts: 1, use_retry_after_headers: true } }],
  ['@slug as provider', { provider: '@openai-prod' }],
  ['a model that names a key', fallback({ override_params: { model: '@openai-prod/gpt-4o' } })],
  ['weight 0 beside a positive one', balance({ ...target, weight: 0 }, target)],
  ['camelCase inside params', { override_params: { maxTokens: 1, unknownThing: { aB: 1 } } }],
  ['single with one target', { strategy: { mode: 'single' }, targets: [target] }],
  [
    'conditions',
    conditional(
      { conditions: [when('a', { 'metadata.x': 'y' })], default: 'b' },
      { ...target, name: 'a' },
      { ...target, name: 'b' },
    ),
  ],
  ['provider fields', { provider: 'azure-openai', resource_name: 'r', azureDeploymentId: 'd' }],
  [
    'the legacy form',
    {
      mode: 'loadbalance',
      options: [{ provider: 'openai', apiKey: 'k', weight: 0.5, override_params: { model: 'm' } }, target],
    },
  ],
])('accepts %s', (_, config) => {
  expect(issuesOf(config)).toEqual([]);
});

it.each<[string, unknown, readonly string[]]>([
  ['something else than an object', 5, ['$: A config is an object']],
  [
    'a list',
    [],
    ['$: A config is an object such as { "strategy": { "mode": "fallback" }, "targets": [ … ] }, not a list.'],
  ],
  ['empty targets', fallback(), ['$.targets: Needs at least one target.']],
  ['a strategy without targets', { strategy: { mode: 'fallback' } }, ['$.targets: Needs at least one target.']],
  ['targets without a strategy', { targets: [target] }, ['$.strategy: Missing.']],
  [
    'an unknown mode',
    { strategy: { mode: 'fallbak' }, targets: [target] },
    ['$.strategy.mode: Expected one of "single"|"fallback"|"loadbalance"|"conditional", received "fallbak".'],
  ],
  ['a negative weight', balance({ ...target, weight: -1 }), ['$.targets[0].weight: ']],
  ['a weight that is no number', balance({ ...target, weight: Number.NaN }), ['$.targets[0].weight: ']],
  ['only weights of 0', balance({ ...target, weight: 0 }, { ...target, weight: 0 }), ['$.targets: Every weight is 0']],
  [
    'an unknown key',
    { ...target, wieght: 1 },
    ['$.wieght: Unknown key "wieght" of a target or node. Did you mean "weight"?'],
  ],
  [
    'an unknown provider',
    fallback(target, { provider: 'opnai' }),
    ['$.targets[1].provider: Unknown provider "opnai". Did you mean "openai"?'],
  ],
  ['a retired provider', { provider: 'palm' }, ['$.provider: ']],
  [
    'a strategy key on a target',
    { ...target, on_status_codes: [429] },
    ['$.on_status_codes: "on_status_codes" has no meaning here. It belongs in "strategy".'],
  ],
  [
    'a retry key on a target',
    { ...target, attempts: 3 },
    ['$.attempts: "attempts" has no meaning here. It belongs in "retry".'],
  ],
  [
    'a node key in the strategy',
    { strategy: { mode: 'fallback', targets: [] }, targets: [target] },
    ['$.strategy.targets: "targets" has no meaning here. It belongs in a target or node.'],
  ],
  [
    'a request parameter on a target',
    { ...target, model: 'gpt-4o' },
    ['$.model: "model" is a request parameter. It belongs in "override_params" or "default_params".'],
  ],
  [
    'a key of another mode',
    { strategy: { mode: 'loadbalance', on_status_codes: [429] }, targets: [target] },
    ['$.strategy.on_status_codes: Has no effect with mode "loadbalance". It belongs to mode "fallback".'],
  ],
  [
    'single with two targets',
    { strategy: { mode: 'single' }, targets: [target, target] },
    ['$.targets: Mode "single" takes one target, here are 2.'],
  ],
  [
    'a key given in two spellings',
    { provider: 'openai', api_key: 'a', apiKey: 'b' },
    ['$.api_key: Given twice, as "api_key" and as "apiKey". Keep one.'],
  ],
  [
    'a provider field in two spellings',
    { provider: 'azure-openai', resource_name: 'a', azure_resource_name: 'b' },
    ['$.azure_resource_name: Given twice, as "resource_name" and as "azure_resource_name". Keep one.'],
  ],
  [
    'a target that names nobody',
    fallback({ override_params: { model: 'x' } }),
    ['$.targets[0]: This target names nobody to ask'],
  ],
  [
    'a key without a provider',
    fallback({ api_key: 'x' }),
    [
      '$.targets[0]: This target names nobody to ask: give "provider", "virtual_key", or "override_params": { "model": "@slug/model" }. An "api_key" alone does not say whose it is.',
    ],
  ],
  ['a key on a node', { ...fallback(target), api_key: 'x' }, ['$.api_key: Has no effect on a node with "targets".']],
  [
    'an unknown then',
    conditional({ conditions: [when('premum')] }, { ...target, name: 'premium' }),
    ['$.strategy.conditions[0].then: No target is named "premum". Did you mean "premium"?'],
  ],
  [
    'an unknown default',
    conditional({ conditions: [when('a')], default: 'b' }, { ...target, name: 'a' }),
    ['$.strategy.default: No target is named "b".'],
  ],
  [
    'a conditional without conditions',
    conditional({}, target),
    ['$.strategy.conditions: Mode "conditional" needs at least one condition.'],
  ],
  [
    'two targets of one name',
    conditional({ conditions: [when('a')] }, { ...target, name: 'a' }, { ...target, name: 'a' }),
    ['$.targets: Two targets are named "a".'],
  ],
  [
    'a bad regex',
    conditional({ conditions: [when('a', { 'params.model': { $regex: '(' } })] }, { ...target, name: 'a' }),
    ['$.strategy.conditions[0].query.params.model.$regex: Bad regular expression "("'],
  ],
  [
    'an unknown operator',
    conditional({ conditions: [when('a', { 'params.model': { $like: 'x' } })] }, { ...target, name: 'a' }),
    ['$.strategy.conditions[0].query.params.model.$like: Unknown operator.'],
  ],
  [
    'a status that is none',
    { strategy: { mode: 'fallback', on_status_codes: [42] }, targets: [target] },
    ['$.strategy.on_status_codes[0]: '],
  ],
  ['a negative timeout', { ...target, request_timeout: -1 }, ['$.request_timeout: ']],
  [
    'a timeout in text',
    { ...target, request_timeout: '10s' },
    ['$.request_timeout: Expected number, received string, received "10s".'],
  ],
  [
    'an address with a password',
    { ...target, custom_host: 'https://me:secret@host/v1' },
    ['$.custom_host: Must not hold a user name or password.'],
  ],
  [
    'a virtual key beside a key',
    { virtual_key: 'a', api_key: 'b' },
    ['$.api_key: Given together with a virtual key, which brings its own. Keep one.'],
  ],
  ['an address that is none', { ...target, custom_host: 'localhost:80' }, ['$.custom_host: ']],
  ['attempts out of range', { ...target, retry: { attempts: -1 } }, ['$.retry.attempts: ']],
  [
    'a feature that is not there',
    { ...target, passthrough: true },
    ['$.passthrough: "passthrough" is not supported by this version of modelmux. Remove it.'],
  ],
])('refuses %s', (_, config, expected) => {
  const issues = issuesOf(config);
  expect(issues).toHaveLength(expected.length);
  expected.forEach((start, index) => {
    expect(issues[index]?.slice(0, start.length)).toBe(start);
  });
});

it('reports everything wrong at once', () => {
  const config = {
    strategy: { mode: 'loadbalance' },
    targets: [
      { provider: 'opnai', weight: 'heavy' },
      { ...fallback(), weight: 1 },
      { provider: 'openai', override_parms: {} },
    ],
  };
  expect(issuesOf(config).map((issue) => issue.split(': ')[0])).toEqual([
    '$.targets[2].override_parms',
    '$.targets[0].weight',
    '$.targets[0].provider',
    '$.targets[1].targets',
  ]);
});

it('never quotes a key', () => {
  const config = { provider: 'openai', api_key: ['sk-canary-secret'], virtual_key: 5, custom_host: 'sk-canary-secret' };
  expect(issuesOf(config).join('\n')).not.toContain('canary');
});

it('bounds depth and ends on a config that contains itself', () => {
  const cyclic: Record<string, unknown> = { strategy: { mode: 'fallback' } };
  cyclic.targets = [cyclic];
  expect(issuesOf(cyclic)).toEqual([expect.stringContaining('nests deeper than 32 levels, or contains itself')]);
});

it('leaves what it is given untouched', () => {
  const config = balance({ provider: 'openai', overrideParams: { a: { b: 1 } } }, { mode: 'x' });
  const before = structuredClone(config);
  issuesOf(config);
  expect(config).toEqual(before);
});

it('takes 10,000 targets', () => {
  expect(issuesOf(balance(...new Array(10_000).fill(target)))).toEqual([]);
});

it.each<[string, unknown, string]>([
  ['a target that is null', balance(target, null), '$.targets[1]'],
  [
    'a name that is none',
    conditional({ conditions: [when('a')], default: 'x' }, { ...target, name: 0 }),
    '$.targets[0].name',
  ],
  ['an object with a length that no number can be made of', { ...target, id: { length: [{ toString: 0 }] } }, '$'],
])('%s is a mistake like any other', (_, config, path) => {
  expect(issuesOf(config).map((issue) => issue.slice(0, issue.indexOf(': ')))).toContain(path);
});
