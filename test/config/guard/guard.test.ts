import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/parse.ts';
import { ConfigError, Portkey, type PortkeyOptions } from '../../../src/index.ts';

const leaf = { provider: 'openai', api_key: 'k' };
const words = { operator: 'none', words: ['x'] };

function issuesOf(attempt: () => unknown): readonly string[] {
  try {
    attempt();
  } catch (error) {
    if (error instanceof ConfigError) return error.issues.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

describe('a config with guardrails', () => {
  it.each<[string, object]>([
    [
      'raw hooks',
      {
        before_request_hooks: [
          {
            type: 'guardrail',
            id: 'g',
            checks: [{ id: 'default.contains', parameters: words, is_enabled: true }],
            deny: true,
            async: false,
            sequential: true,
            on_success: { feedback: { value: 1, weight: 1 } },
            on_fail: { feedback: { value: -1, weight: 1, metadata: { a: 1 } } },
            guardrail_version_id: 'v1',
          },
        ],
      },
    ],
    [
      'camelCase',
      {
        afterRequestHooks: [
          {
            onFail: { feedback: { value: -1 } },
            onError: 'allow',
            checks: [{ id: 'contains', parameters: words, isEnabled: true }],
          },
        ],
      },
    ],
    [
      'the short form',
      {
        input_guardrails: [{ 'default.contains': words, deny: true }],
        output_guardrails: [{ contains: words, wordCount: { maxWords: 3 } }],
      },
    ],
    [
      'mutators',
      {
        input_mutators: [{ 'default.addPrefix': { prefix: 'P' } }],
        output_mutators: [{ 'default.regexReplace': { rule: 'x' } }],
      },
    ],
    [
      'functions',
      {
        input_guardrails: [() => true],
        before_request_hooks: [{ checks: [async () => true, { id: 'mine', run: () => false }] }],
      },
    ],
    [
      'Portkey’s actions',
      {
        input_guardrails: [
          {
            name: 'n',
            checks: [{ id: 'default.contains', parameters: words }],
            actions: { deny: true, async: false, on_fail: { feedback: { value: 0 } } },
          },
        ],
      },
    ],
    [
      'a check switched off beside another',
      {
        input_guardrails: [
          {
            checks: [
              { id: 'patronus.phi', is_enabled: false },
              { id: 'contains', parameters: words },
            ],
          },
        ],
      },
    ],
    [
      'our own options',
      {
        output_guardrails: [{ 'default.contains': words, stream: 'end', on_error: 'allow', timeout: 100 }],
        input_guardrails: [{ 'default.contains': words, messages: 'all' }],
      },
    ],
    ['defaults at the root', { default_input_guardrails: [{ 'default.contains': words }] }],
    ['empty lists', { input_guardrails: [] }],
  ])('may have %s', (_, node) => {
    expect(issuesOf(() => parseConfig({ ...leaf, ...node }))).toEqual([]);
  });

  it.each<[string, object, readonly string[]]>([
    ['no list', { input_guardrails: {} }, ['$.input_guardrails: Expected array, received object.']],
    ['a number', { input_guardrails: [7] }, ['$.input_guardrails[0]: Must be a guardrail, such as']],
    [
      'no check',
      { input_guardrails: [{ deny: true }] },
      ['$.input_guardrails[0].checks: Needs at least one check that is enabled.'],
    ],
    [
      'an unknown key',
      { input_guardrails: [{ contains: words, dney: true }] },
      ['$.input_guardrails[0].dney: Unknown key "dney" of a guardrail. Did you mean "deny"?'],
    ],
    [
      'an unknown check',
      { input_guardrails: [{ 'default.contain': words }] },
      ['$.input_guardrails[0]["default.contain"]: Unknown check "default.contain". Did you mean "default.contains"?'],
    ],
    [
      'a partner’s check',
      { output_guardrails: [{ 'patronus.phi': {} }] },
      ['$.output_guardrails[0]["patronus.phi"]: "patronus.phi" asks a service'],
    ],
    [
      'bad parameters, raw',
      { before_request_hooks: [{ checks: [{ id: 'default.contains', parameters: { words: 'x' } }] }] },
      ['$.before_request_hooks[0].checks[0].parameters.words: Expected array, received string.'],
    ],
    [
      'bad parameters, short',
      { input_guardrails: [{ 'default.regexMatch': { rule: '(a+)+$|x(a*)*y' } }] },
      ['$.input_guardrails[0]["default.regexMatch"].rule: The regular expression'],
    ],
    [
      'a check that is none',
      { before_request_hooks: [{ checks: ['contains', { parameters: {} }, { id: 'contains', paramters: {} }] }] },
      [
        '$.before_request_hooks[0].checks[0]: Must be a check',
        '$.before_request_hooks[0].checks[1].id: Missing: the ID of the check.',
        '$.before_request_hooks[0].checks[2].paramters: Unknown key "paramters" of a check. Did you mean "parameters"?',
        '$.before_request_hooks[0].checks[2].parameters.words: Expected array, received undefined.',
      ],
    ],
    [
      'two spellings',
      { input_guardrails: [{ contains: words, on_error: 'deny', onError: 'deny' }] },
      ['$.input_guardrails[0].onError: Given twice. Keep one.'],
    ],
    [
      'bad options',
      { input_guardrails: [{ contains: words, deny: 'yes', timeout: 0, on_error: 'open' }] },
      [
        '$.input_guardrails[0].deny: Expected boolean',
        '$.input_guardrails[0].on_error: Expected one of',
        '$.input_guardrails[0].timeout: Too small',
      ],
    ],
    [
      'a refusal nobody waits for',
      { input_guardrails: [{ contains: words, async: true, deny: true }] },
      ['$.input_guardrails[0].deny: Cannot refuse: "async"'],
    ],
    [
      'a change nobody waits for',
      { input_mutators: [{ addPrefix: { prefix: 'P' }, async: true }] },
      ['$.input_mutators[0].async: What changes a request'],
    ],
    [
      'a prefix for replies',
      { output_mutators: [{ addPrefix: { prefix: 'P' } }] },
      ['$.output_mutators[0]["addPrefix"]: "addPrefix" has a meaning for requests only.'],
    ],
    [
      'a stream of requests',
      { input_guardrails: [{ contains: words, stream: 'hold' }] },
      ['$.input_guardrails[0].stream: Has a meaning for replies only.'],
    ],
    [
      'messages of replies',
      { output_guardrails: [{ contains: words, messages: 'all' }] },
      ['$.output_guardrails[0].messages: Has a meaning for requests only.'],
    ],
    [
      'a change of what was read',
      { output_mutators: [{ regexReplace: { rule: 'x' }, stream: 'end' }] },
      ['$.output_mutators[0].stream: What changes a reply must hold a stream back'],
    ],
    [
      'an ID without definitions',
      { input_guardrails: ['pg-1'] },
      ['$.input_guardrails[0]: There is no guardrail "pg-1". The client has no "guardrails".'],
    ],
  ])('may not have %s', (_, node, starts) => {
    const issues = issuesOf(() => parseConfig({ ...leaf, ...node }));
    expect(issues.map((issue, index) => issue.slice(0, starts[index]?.length))).toEqual(starts);
  });

  it('names the place of what is wrong below the root', () => {
    const config = {
      strategy: { mode: 'fallback' },
      targets: [leaf, { ...leaf, default_input_guardrails: [], output_guardrails: ['no'] }],
    };
    expect(issuesOf(() => parseConfig(config, undefined, { guardrails: { yes: {}, not: {} } }))).toEqual([
      '$.targets[1].output_guardrails[0]: There is no guardrail "no". Did you mean "not"?',
      '$.targets[1].default_input_guardrails: Belongs to the root: it holds for every target. Here use "input_guardrails".',
    ]);
  });
});

describe('a client with guardrails', () => {
  const make = (options: PortkeyOptions) => issuesOf(() => new Portkey({ environment: {}, ...options }));

  it('gives configs the guardrails they name', () => {
    const guardrails = { polite: { 'default.contains': words, deny: true }, judge: () => true };
    expect(make({ guardrails, config: { ...leaf, input_guardrails: ['polite', 'judge'] } })).toEqual([]);
    expect(make({ guardrails, config: { ...leaf, input_guardrails: ['polit'] } })).toEqual([
      '$.input_guardrails[0]: There is no guardrail "polit". Did you mean "polite"?',
    ]);
    expect(make({ guardrails, configs: { a: { ...leaf, input_guardrails: ['jugde'] } } })).toEqual([
      'configs["a"].input_guardrails[0]: There is no guardrail "jugde". Did you mean "judge"?',
    ]);
    expect(
      make({ guardrails, defaultInputGuardrails: ['polite'], defaultOutputGuardrails: ['judges'], config: leaf }),
    ).toEqual(['options.defaultOutputGuardrails[0]: There is no guardrail "judges". Did you mean "judge"?']);
  });

  it('is told what is wrong with them, whether a config names them or not', () => {
    const guardrails = {
      a: { 'default.contains': { words: [] } },
      b: 7,
      c: { 'default.addPrefix': { prefix: 'P' } },
    } as never;
    expect(make({ guardrails, config: leaf })).toEqual([
      'options.guardrails["a"]["default.contains"].words: Too small: expected array to have >=1 items.',
      expect.stringMatching(/^options\.guardrails\["b"\]: Must be a guardrail/),
    ]);
  });

  it('takes functions, one or several, and nothing else for them', () => {
    expect(make({ beforeRequest: () => true, afterRequest: [() => undefined], config: leaf })).toEqual([]);
    expect(make({ beforeRequest: { contains: words } as never, config: leaf })).toEqual([
      'options.beforeRequest: Expected a function or a list of functions.',
    ]);
  });

  it('behind a gateway sends defaults along, and has no functions', () => {
    const baseURL = 'http://gateway.test';
    expect(issuesOf(() => new Portkey({ baseURL, beforeRequest: () => true }))).toEqual([
      'options.beforeRequest: Has no meaning with "baseURL": the gateway keeps configs and keys.',
    ]);
    expect(issuesOf(() => new Portkey({ baseURL, defaultInputGuardrails: ['pg-1'] }))).toEqual([]);
  });
});

it('a gateway reads default guardrails as JSON', async () => {
  const sent: (string | null)[] = [];
  const portkey = new Portkey({
    baseURL: 'http://gateway.test',
    defaultInputGuardrails: ['pg-1', 'pg-2'],
    fetch: async (input, init) => {
      sent.push(
        new Headers(input instanceof Request ? input.headers : init?.headers).get('x-portkey-default-input-guardrails'),
      );
      return Response.json({ object: 'list', data: [] });
    },
  });
  await portkey.models.list();
  expect(sent).toEqual(['["pg-1","pg-2"]']);
});
