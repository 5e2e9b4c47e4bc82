import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/core/errors/config-error.ts';
import { fromJavelin, fromPortkeyLegacy } from '../../../src/import.ts';
import { leavesOf, pathOf, valueAt, withValue } from './walk.ts';

const openai = { name: 'gpt-4', provider: 'openai' };
const claude = { name: 'claude-3', provider: 'anthropic' };

function route(models: readonly object[], config?: object, more: object = {}) {
  return { name: 'r', models, ...(config === undefined ? {} : { config }), ...more };
}

function issuesOf(document: unknown, read: (document: unknown) => unknown = fromJavelin): readonly string[] {
  try {
    read(document);
  } catch (error) {
    if (error instanceof ConfigError) return error.issues.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

describe('a route', () => {
  const per = { per: '1s', mode: 'enforce' };
  const target = (model: string, provider: string, index: number, more: object = {}) => ({
    id: `r.models[${index}]`,
    provider,
    override_params: { model },
    ...more,
  });

  it.each<[string, object, object]>([
    [
      'weights are shares',
      route([
        { ...openai, weight: 0.7, config: { rate_limit: 7 } },
        { ...openai, weight: 0.3 },
      ]),
      {
        name: 'r',
        strategy: { mode: 'loadbalance' },
        targets: [
          target('gpt-4', 'openai', 0, { weight: 0.7, rate_limit: { requests: 7, ...per } }),
          target('gpt-4', 'openai', 1, { weight: 0.3 }),
        ],
      },
    ],
    [
      'wrapped models are the same',
      route([{ model: openai }, { model: { ...claude, fallback: true } }], {
        budget: { monthly: 10, daily: 1, currency: 'USD' },
        rate_limit: 9,
        retries: 2,
      }),
      {
        name: 'r',
        retry: { attempts: 2 },
        rate_limit: { requests: 9, ...per },
        strategy: { mode: 'fallback', on_errors: ['budget', 'rate_limit'], on_status_codes: [429, 503] },
        targets: [
          {
            strategy: { mode: 'loadbalance' },
            targets: [target('gpt-4', 'openai', 0)],
            budget: [
              { amount: 1, currency: 'USD', period: 'day', reset: 'calendar' },
              { amount: 10, currency: 'USD', period: 'month', reset: 'calendar' },
            ],
            on_exhausted: 'skip',
          },
          { strategy: { mode: 'loadbalance' }, targets: [target('claude-3', 'anthropic', 1)] },
        ],
      },
    ],
    [
      'statuses of a model lead to the next',
      route([
        { ...openai, fallback_enabled: true, fallback_codes: [429, 503] },
        { ...claude, fallback_enabled: true, fallback_codes: [500] },
        { name: 'command-r', provider: 'cohere' },
      ]),
      {
        name: 'r',
        strategy: { mode: 'fallback', on_status_codes: [429, 503] },
        targets: [
          target('gpt-4', 'openai', 0),
          {
            strategy: { mode: 'fallback', on_status_codes: [500] },
            targets: [target('claude-3', 'anthropic', 1), target('command-r', 'cohere', 2)],
          },
        ],
      },
    ],
    [
      'without statuses any failure does, as the older spelling says too',
      route([{ ...openai, fallbackenabled: true }, claude]),
      {
        name: 'r',
        strategy: { mode: 'fallback' },
        targets: [target('gpt-4', 'openai', 0), target('claude-3', 'anthropic', 1)],
      },
    ],
  ])('%s', (_, document, config) => {
    const { configs, warnings } = fromJavelin({ routes: [document] });
    expect(configs).toEqual({ r: config });
    expect(warnings).toEqual([]);
  });

  it('may be given alone, in a list, or as text', () => {
    const document = route([openai]);
    const expected = fromJavelin({ routes: [document] }).configs;
    for (const given of [
      document,
      [document],
      JSON.stringify({ routes: [document] }),
      'routes:\n- name: r\n  models:\n  - { name: gpt-4, provider: openai }',
    ])
      expect(fromJavelin(given).configs).toEqual(expected);
  });

  it('is found by its name, or alone by none', () => {
    const two = fromJavelin({ routes: [route([openai]), { ...route([claude]), name: 'eng_dept' }] });
    expect(two.route('eng_dept')).toBe(two.configs.eng_dept);
    expect(() => two.route('eng_depp')).toThrow('There is no route "eng_depp". Did you mean "eng_dept"?');
    expect(() => two.route()).toThrow('Say which: r, eng_dept.');
    expect(() => two.route('constructor')).toThrow(ConfigError);
    const one = fromJavelin(route([openai]));
    expect(one.route()).toBe(one.configs.r);
  });

  it('takes keys and addresses from what stands beside it', () => {
    const { configs, warnings } = fromJavelin({
      routes: [
        route([
          { ...openai, virtual_secret_name: 'second' },
          { name: 'x', provider: 'azureopenai' },
        ]),
      ],
      providers: [
        {
          name: 'azureopenai',
          config: { api_base: 'https://a.test', api_version: 'v1', deployment_name: 'd', organization: 'o' },
          api_keys: ['az'],
        },
        { name: 'unused', config: { api_base: 'https://u.test' } },
      ],
      secrets: [
        { provider_name: 'openai', api_key_secret_name: 'first', api_key_secret_key: 'sk-1' },
        { provider_name: 'openai', api_key_secret_name: 'second', api_key_secret_key: 'sk-2' },
      ],
    });
    expect(configs.r?.targets).toEqual([
      target('gpt-4', 'openai', 0, { api_key: 'sk-2' }),
      target('x', 'azure-openai', 1, {
        api_key: 'az',
        custom_host: 'https://a.test',
        api_version: 'v1',
        azure_deployment_id: 'd',
        openai_organization: 'o',
      }),
    ]);
    expect(warnings.map(({ path }) => path)).toEqual(['$.providers[1].config.api_base', '$.secrets[0]']);
  });

  it('spreads a model over all keys of its provider', () => {
    const secrets = ['sk-1', 'sk-2'].map((key) => ({ provider_name: 'openai', api_key_secret_key: key }));
    const { configs } = fromJavelin({ routes: [route([{ ...openai, config: { rate_limit: 10 } }])], secrets });
    const rate_limit = { requests: 10, per: '1s', mode: 'queue' };
    expect(configs.r?.targets?.[0]).toMatchObject({
      strategy: { mode: 'loadbalance', algorithm: 'rate_limit_aware', failover: true },
      targets: [
        { api_key: 'sk-1', rate_limit },
        { api_key: 'sk-2', rate_limit },
      ],
    });
  });

  it.each<[unknown, string]>([
    [{}, '$.routes: Missing'],
    [{ routes: [{}] }, '$.routes[0].name: Missing'],
    [route([]), '$.routes[0].models: Needs at least one model.'],
    [route([{ name: 'x' }]), '$.routes[0].models[0].provider: Missing'],
    [
      route([{ name: 'x', provider: 'opnai' }]),
      '$.routes[0].models[0].provider: Unknown provider "opnai". Did you mean "openai"?',
    ],
    [
      route([{ ...openai, fallback_codes: [1] }]),
      '$.routes[0].models[0].fallback_codes: Must be a list of HTTP statuses',
    ],
    [{ routes: [route([openai]), route([openai])] }, '$.routes: Two routes are called "r".'],
    [route([{ ...openai, weight: 0 }]), '$.targets: Every weight is 0'],
    [7, '$: Must be an object'],
  ])('%j is refused', (document, issue) => {
    expect(issuesOf(document).join('\n')).toContain(issue);
  });
});

const everything = {
  routes: [
    {
      name: 'eng_dept',
      type: 'chat',
      enabled: true,
      models: [
        {
          model: {
            name: 'gpt-4',
            provider: 'openai',
            suffix: '/strange',
            weight: 2,
            virtual_secret_name: 'n',
            config: { rate_limit: 7, odd: 1 },
            odd: 1,
          },
          odd: 1,
        },
        { name: 'x', provider: 'azureopenai', weight: 3, fallback: true, virtual_secret_key: 'g' },
        { name: 'gone', provider: 'mistral' },
      ],
      config: {
        retries: 3,
        rate_limit: 100,
        budget: { enabled: true, daily: 1, weekly: 2, monthly: 3, annual: 4, currency: 'USD', odd: 1 },
        organization: 'o',
        owner: 'o',
        archive: true,
        retention: 7,
        dlp: { enabled: true },
        policy: { archive: { enabled: true } },
        unified_endpoint: true,
        request_chain: { name: 'x' },
        odd: 1,
      },
      odd: 1,
    },
    { name: 'off', enabled: false, models: [{ name: 'gpt-4', provider: 'openai' }] },
  ],
  providers: [
    {
      name: 'azureopenai',
      type: 'closed',
      vault_enabled: true,
      config: { api_base: 'https://a.test', api_version: 'v', deployment_name: 'd', organization: 'o', model_specs: 1 },
      api_keys: ['k'],
      odd: 1,
    },
    { name: 'mistral', enabled: false },
  ],
  secrets: [
    {
      provider_name: 'openai',
      api_key_secret_name: 'n',
      api_key_secret_key: 'sk',
      header_key: 'h',
      odd: 1,
    },
    { provider_name: 'azureopenai', api_key_secret_key: 'az', group: 'g' },
    { provider_name: 'openai', api_key_secret_key: 'off', enabled: false },
  ],
  gateways: [{ name: 'x' }],
};

function outcome(document: unknown): string {
  try {
    return JSON.stringify(fromJavelin(document));
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

it.each(leavesOf(everything).map((place) => [pathOf(place), place] as const))(
  '%s is mapped, or warned of',
  (_, place) => {
    const warned = new Set(fromJavelin(everything).warnings.map(({ path }) => path));
    const isWarnedOf = place.some((_key, index) => warned.has(pathOf(place.slice(0, index + 1))));
    const value = valueAt(everything, place);
    const other = typeof value === 'number' ? value + 1 : typeof value === 'boolean' ? !value : `${value}1`;
    expect(isWarnedOf || outcome(withValue(everything, place, other)) !== outcome(everything)).toBe(true);
  },
);

const words = fc.constantFrom(
  'routes',
  'name',
  'models',
  'model',
  'provider',
  'openai',
  'config',
  'budget',
  'rate_limit',
  'weight',
  'fallback',
  'fallback_codes',
  'secrets',
  'providers',
  'api_keys',
  'constructor',
  '__proto__',
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.oneof(words, fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.string()),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(words, tie('value'), { maxKeys: 6 }),
  ),
}));

it('nothing but a ConfigError is ever thrown, whatever is given', () => {
  const places = leavesOf(everything).flatMap((leaf) => leaf.map((_, length) => leaf.slice(0, length + 1)));
  fc.assert(
    fc.property(fc.oneof(value, fc.jsonValue(), fc.string()), (document) => {
      outcome(document);
      issuesOf(document, fromPortkeyLegacy);
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.constantFrom(...places), value, (place, other) => {
      outcome(withValue(everything, place, other));
    }),
    { numRuns: 1000 },
  );
});

describe('Portkey’s legacy form', () => {
  const legacy = {
    mode: 'loadbalance',
    options: [
      { provider: 'openai', apiKey: 'k', weight: 0.5 },
      { provider: 'anthropic', apiKey: 'l', weight: 0.5 },
    ],
  };
  const config = {
    strategy: { mode: 'loadbalance' },
    targets: [
      { provider: 'openai', api_key: 'k', weight: 0.5 },
      { provider: 'anthropic', api_key: 'l', weight: 0.5 },
    ],
  };

  it('is a config', () => {
    expect(fromPortkeyLegacy(legacy)).toEqual({ config, warnings: [] });
    expect(fromPortkeyLegacy(JSON.stringify(legacy)).config).toEqual(config);
  });

  it('or stands in the body of a call, with its params', () => {
    const params = { messages: [], max_tokens: 5 };
    expect(fromPortkeyLegacy({ config: legacy, params, more: 1 })).toEqual({
      config,
      params,
      warnings: [{ path: '$.more', message: 'Not known: it has no effect here.' }],
    });
  });

  it('is refused with paths when it cannot be meant', () => {
    expect(issuesOf({ mode: 'loadbalance', options: [{ provider: 'opnai' }] }, fromPortkeyLegacy)).toEqual([
      '$.targets[0].provider: Unknown provider "opnai". Did you mean "openai"?',
    ]);
  });
});
