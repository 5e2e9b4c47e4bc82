import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../../src/core/endpoint.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { CheckOutcome, Subject } from '../../../src/routing/guardrails/check.ts';
import { checkKinds } from '../../../src/routing/guardrails/checks/index.ts';
import { inputTexts } from '../../../src/routing/guardrails/texts/input-texts.ts';
import { unknownCheck } from '../../../src/routing/guardrails/unknown-check.ts';

type Id = keyof typeof checkKinds;

/** What is wrong with the parameters of a check. */
function problemsOf(id: string, parameters: unknown): readonly string[] {
  const problems: string[] = [];
  checkKinds[id as Id].build(parameters, (path, message) => problems.push(`${path}: ${message}`));
  return problems;
}

interface Asked {
  readonly endpoint?: Endpoint;
  readonly request?: JsonObject;
  readonly metadata?: Readonly<Record<string, string>>;
}

async function run(
  id: string,
  parameters: unknown,
  { endpoint = 'chat/completions', request = {}, metadata = {} }: Asked,
): Promise<CheckOutcome> {
  const rules = checkKinds[id as Id].build(parameters, (path, message) => {
    throw new Error(`${path}: ${message}`);
  });
  if (rules === undefined) throw new Error('no rules');
  const facts = { stage: 'input', path: 'config', requestId: 'r', traceId: 't' } as const;
  const subject: Subject = { ...facts, endpoint, request, metadata, places: inputTexts(endpoint, request, 'last') };
  const transport = { send: () => Promise.reject(new Error('no network in this test')) };
  return rules.run(subject, { signal: new AbortController().signal, transport });
}

const asking = (content: unknown): Asked => ({ request: { model: 'm', messages: [{ role: 'user', content }] } });

describe('a check of a text', () => {
  it.each<[string, JsonObject, string, boolean]>([
    ['regexMatch', { rule: '\\d{4}-\\d{4}' }, 'card 1234-5678', true],
    ['regexMatch', { rule: '\\d{4}-\\d{4}' }, 'no card', false],
    ['regexMatch', { rule: 'quick.*fox' }, 'The quick brown fox', true],
    ['regexMatch', { regex: '^a' }, 'ab', true],
    ['regexMatch', { rule: 'SECRET' }, 'a secret', false],
    ['regexMatch', { rule: 'SECRET', caseSensitive: false }, 'a secret', true],
    ['regexMatch', { rule: 'secret', not: true }, 'a secret', false],
    ['regexMatch', { rule: 'secret', not: true }, 'nothing', true],
    ['characterCount', { minCharacters: 2, maxCharacters: 4 }, 'abcd', true],
    ['characterCount', { maxCharacters: 4 }, 'abcde', false],
    ['characterCount', { minCharacters: 1 }, '', false],
    ['characterCount', { maxCharacters: 2 }, '🙂🙂', true],
    ['wordCount', { maxWords: 3 }, ' one  two\nthree ', true],
    ['wordCount', { maxWords: 2 }, 'one two three', false],
    ['wordCount', { minWords: 1 }, '  ', false],
    ['wordCount', { minWords: 2, maxWords: 5, not: true }, 'one two three', false],
    ['sentenceCount', { minSentences: 2, maxSentences: 2 }, 'One. Two!', true],
    ['sentenceCount', { maxSentences: 1 }, 'It costs 3.14 and ends here', true],
    ['sentenceCount', { minSentences: 1 }, '...', false],
    ['sentenceCount', { minSentences: 3 }, 'Wait… "Really?" 東京。', true],
    ['sentenceCount', { minSentences: 3 }, 'One. Two.', false],
    ['contains', { words: ['cat', 'dog'], operator: 'any' }, 'a dog', true],
    ['contains', { words: ['cat', 'dog'] }, 'a bird', false],
    ['contains', { words: ['cat', 'dog'], operator: 'all' }, 'cat and dog', true],
    ['contains', { words: ['cat', 'dog'], operator: 'all' }, 'cat', false],
    ['contains', { words: ['cat'], operator: 'none' }, 'a dog', true],
    ['contains', { words: ['cat'], operator: 'none' }, 'concatenate', false],
    ['contains', { words: ['Cat'], operator: 'none' }, 'a cat', true],
    ['contains', { words: ['Cat'], operator: 'none', caseSensitive: false }, 'a cat', false],
    ['jsonKeys', { keys: ['a', 'b'], operator: 'any' }, '{"a":1}', true],
    ['jsonKeys', { keys: ['a', 'b'], operator: 'all' }, '{"a":1}', false],
    ['jsonKeys', { keys: ['a', 'b'], operator: 'all' }, 'Here: {"x":{"y":1},"a":1,"b":"}"} done', true],
    ['jsonKeys', { keys: ['secret'], operator: 'none' }, '{"a":1}', true],
    ['jsonKeys', { keys: ['secret'], operator: 'none' }, '{"secret":1}', false],
    ['jsonKeys', { keys: ['secret'], operator: 'none' }, 'no JSON', false],
    ['jsonKeys', { keys: ['toString'] }, '{"a":1}', false],
    ['jsonSchema', { schema: { type: 'object', required: ['a'] } }, '{"a":1}', true],
    ['jsonSchema', { schema: { type: 'object', required: ['a'] } }, '{"b":1}', false],
    ['jsonSchema', { schema: { required: ['a'] } }, '{}', false],
    ['jsonSchema', { schema: { type: 'array', items: { type: 'integer' }, minItems: 2 } }, 'So: [1, 2]', true],
    ['jsonSchema', { schema: { type: 'array', minItems: 2 } }, '[1]', false],
    ['jsonSchema', { schema: { type: 'object' } }, 'Text\n```json\n{"a": 1}\n```\nmore {"broken', true],
    ['jsonSchema', { schema: { type: 'object' } }, 'plain text', false],
    ['jsonSchema', { schema: '{"type":"object","properties":{"a":{"pattern":"^x"}}}' }, '{"a":"y"}', false],
    ['jsonSchema', { schema: { not: { required: ['b'] } } }, '{"a":1}', true],
    ['jsonSchema', { schema: { if: { required: ['a'] }, then: { required: ['b'] } } }, '{"a":1}', false],
    ['jsonSchema', { schema: { $ref: '#/$defs/a', $defs: { a: { type: 'object', minProperties: 1 } } } }, '{}', false],
    [
      'jsonSchema',
      { schema: { $schema: 'http://json-schema.org/draft-07/schema#', items: [{ type: 'string' }] } },
      '["a"]',
      true,
    ],
    ['jsonSchema', { schema: { type: 'object', required: ['a'] }, not: true }, '{"b":1}', true],
    ['validUrls', {}, 'see https://example.com/a?b=1, and http://10.0.0.1:80/x.', true],
    ['validUrls', {}, 'nothing to see', true],
    ['validUrls', {}, 'see https://exa mple', false],
    ['validUrls', {}, 'see http://user:pw@example.com', false],
    ['validUrls', {}, 'see https://-', false],
    ['validUrls', { not: true }, 'see https://example.com', false],
    ['containsCode', { format: 'Python' }, 'Try:\n```py\nprint(1)\n```\n', true],
    ['containsCode', { format: 'python' }, '```Python {.numberLines}\nx\n```', true],
    ['containsCode', { format: 'SQL' }, '```py\nprint(1)\n```\nsql', false],
    ['containsCode', { format: 'SQL' }, 'SELECT 1', false],
    ['containsCode', { format: 'SQL', not: true }, '```sql\nSELECT 1\n```', false],
    ['alluppercase', {}, 'ABC 1!', true],
    ['alluppercase', {}, 'ABc', false],
    ['alllowercase', {}, 'abc ß', true],
    ['alllowercase', {}, 'aBc', false],
    ['alllowercase', { not: true }, 'aBc', true],
    ['endsWith', { suffix: 'END' }, 'the END\n', true],
    ['endsWith', { suffix: 'END' }, 'the END.', false],
    ['endsWith', { suffix: ' ', not: true }, 'no', true],
    ['notNull', {}, 'x', true],
    ['notNull', {}, ' \n', false],
    ['notNull', { not: true }, 'x', false],
  ])('%s with %j says of %j: %s', async (id, parameters, text, verdict) => {
    const outcome = await run(id, parameters, asking(text));
    expect(outcome.verdict).toBe(verdict);
    expect(outcome.data).toMatchObject({ explanation: expect.stringMatching(/\.$/) });
  });

  it('passes unchecked where there is no text at all', async () => {
    const image = [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }];
    expect(await run('contains', { words: ['x'] }, asking(image))).toEqual({
      verdict: true,
      skipped: true,
      data: { explanation: 'There is no text to check.' },
    });
    expect(await run('notNull', {}, { endpoint: 'audio/speech', request: { input: 'x' } })).toMatchObject({
      skipped: true,
    });
  });

  it('tells of its findings without the text', async () => {
    const outcomes = await Promise.all([
      run('contains', { words: ['cat', 'dog'] }, asking('private cat')),
      run('jsonSchema', { schema: { properties: { a: { type: 'string' } } } }, asking('{"a":"private","b":1}')),
      run('jsonSchema', { schema: { properties: { a: { const: 'x' } } } }, asking('{"a":"private"}')),
      run('regexMatch', { rule: 'private' }, asking('private')),
      run('validUrls', {}, asking('https://private.example https://')),
    ]);
    expect(outcomes[0]?.data).toEqual({
      operator: 'any',
      foundWords: ['cat'],
      missingWords: ['dog'],
      explanation: 'The text holds 1 of 2 words; any is asked for.',
    });
    expect(outcomes[2]?.data).toEqual({
      validationErrors: [
        { path: '#', keyword: 'properties' },
        { path: '#/a', keyword: 'const' },
      ],
      explanation: 'The JSON breaks the schema.',
    });
    expect(JSON.stringify(outcomes)).not.toContain('private');
  });

  it('throws for a text that would take too long', async () => {
    const long = asking('<'.repeat(10_001));
    await expect(run('regexMatch', { rule: '<[^>]*>' }, long)).rejects.toThrow(
      'A text of 10001 characters is too long: this pattern can be run over 10000 at a time in bounded time.',
    );
    await expect(
      run('jsonSchema', { schema: { type: 'array', uniqueItems: true } }, asking(`[${'1,'.repeat(20_000)}1]`)),
    ).rejects.toThrow('is too long');
  });
});

describe('a check of what is asked', () => {
  const request = { model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] };
  it.each<[string, JsonObject, Asked, boolean]>([
    ['modelWhitelist', { models: ['gpt-4o'] }, { request }, true],
    ['modelWhitelist', { models: ['gpt-4o'] }, { request: { model: '@slug/gpt-4o' } }, true],
    ['modelWhitelist', { models: ['@other/gpt-4o'] }, { request: { model: '@slug/gpt-4o' } }, false],
    ['modelWhitelist', { models: ['gpt-3.5'] }, { request }, false],
    ['modelWhitelist', { models: ['gpt-3.5'] }, { request: {} }, false],
    ['modelWhitelist', { models: ['gpt-4o'], not: true }, { request }, false],
    [
      'modelWhitelist',
      { models: ['x'], metadataRules: [{ metadataKey: 'tier', values: ['pro'], models: ['gpt-4o'] }] },
      { request, metadata: { tier: 'pro' } },
      true,
    ],
    [
      'modelWhitelist',
      { models: ['gpt-4o'], metadataRules: [{ metadataKey: 'tier', values: ['pro'], models: ['x'] }] },
      { request, metadata: { tier: 'pro' } },
      false,
    ],
    ['modelRules', { rules: { defaults: ['gpt-4o'] } }, { request }, true],
    [
      'modelRules',
      { rules: { defaults: ['x'], metadata: { team: { a: ['gpt-4o'] } } } },
      { request, metadata: { team: 'a' } },
      true,
    ],
    [
      'modelRules',
      { rules: { defaults: ['gpt-4o'], metadata: { team: { a: ['x'] } } } },
      { request, metadata: { team: 'a' } },
      false,
    ],
    ['modelRules', { rules: { metadata: { team: { a: ['gpt-4o'] } } } }, { request, metadata: { team: 'b' } }, false],
    [
      'modelRules',
      { rules: { metadata: { team: { a: ['gpt-4o'] } } } },
      { request, metadata: { team: 'toString' } },
      false,
    ],
    ['allowedRequestTypes', { allowedTypes: ['chatComplete'] }, { request }, true],
    ['allowedRequestTypes', { allowedTypes: 'embed, chat/completions' }, { request }, true],
    ['allowedRequestTypes', { allowedTypes: ['embed'] }, { request }, false],
    ['allowedRequestTypes', { blockedTypes: ['imageGenerate'] }, { endpoint: 'images/generations' }, false],
    ['allowedRequestTypes', { blockedTypes: ['imageGenerate'] }, { request }, true],
    ['requiredMetadataKeys', { metadataKeys: ['a', 'b'] }, { metadata: { a: '1', b: '2' } }, true],
    ['requiredMetadataKeys', { metadataKeys: ['a', 'b'] }, { metadata: { a: '1' } }, false],
    ['requiredMetadataKeys', { metadataKeys: ['a', 'b'], operator: 'any' }, { metadata: { a: '1' } }, true],
    ['requiredMetadataKeys', { metadataKeys: ['toString'] }, {}, false],
    ['requiredMetadataKeys', { metadataKeys: ['a'], operator: 'none' }, { metadata: { a: '1' } }, false],
    ['metadata', { pairs: { tier: 'pro', seats: 3 } }, { metadata: { tier: 'pro', seats: '3' } }, true],
    ['metadata', { pairs: { tier: 'pro' } }, { metadata: { tier: 'free' } }, false],
    ['metadata', { pairs: { tier: 'pro', a: 'b' }, operator: 'any' }, { metadata: { tier: 'pro' } }, true],
    ['metadata', { pairs: { tier: 'pro' }, not: true }, { metadata: { tier: 'pro' } }, false],
  ])('%s with %j says of %j: %s', async (id, parameters, asked, verdict) => {
    expect((await run(id, parameters, asked)).verdict).toBe(verdict);
  });
});

describe('what changes a request', () => {
  const chat = (...messages: object[]): Asked => ({ request: { messages } });
  const system = { role: 'system', content: 'Be kind.' };
  const user = { role: 'user', content: 'hi' };

  it.each<[string, JsonObject, Asked, JsonObject | undefined]>([
    [
      'before the user’s first message',
      { prefix: 'P ' },
      chat(system, user),
      { messages: [system, { ...user, content: 'P hi' }] },
    ],
    [
      'before its parts',
      { prefix: 'P' },
      chat({ role: 'user', content: [{ type: 'text', text: 'hi' }] }),
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'P' },
              { type: 'text', text: 'hi' },
            ],
          },
        ],
      },
    ],
    [
      'as a message in front',
      { prefix: 'P', addToExisting: false },
      chat(user),
      { messages: [{ role: 'user', content: 'P' }, user] },
    ],
    [
      'as a system message where there is none',
      { prefix: 'P', applyToRole: 'system' },
      chat(user),
      { messages: [{ role: 'system', content: 'P' }, user] },
    ],
    [
      'nowhere where a role speaks already',
      { prefix: 'P', applyToRole: 'system', onlyIfEmpty: true },
      chat(system, user),
      undefined,
    ],
    ['before a prompt', { prefix: 'P ' }, { endpoint: 'completions', request: { prompt: 'hi' } }, { prompt: 'P hi' }],
    [
      'before the input of a response',
      { prefix: 'P ' },
      { endpoint: 'responses', request: { input: 'hi' } },
      { input: [{ role: 'user', content: 'P hi' }] },
    ],
    [
      'before the instructions of a response',
      { prefix: 'P ', applyToRole: 'system' },
      { endpoint: 'responses', request: { input: 'hi', instructions: 'i' } },
      { input: 'hi', instructions: 'P i' },
    ],
    [
      'as the system prompt of a message',
      { prefix: 'P', applyToRole: 'system' },
      { endpoint: 'messages', request: { messages: [user] } },
      { messages: [user], system: 'P' },
    ],
    [
      'nowhere in what has no messages',
      { prefix: 'P' },
      { endpoint: 'embeddings', request: { input: 'hi' } },
      undefined,
    ],
  ])('addPrefix puts its text %s', async (_, parameters, asked, body) => {
    const { verdict, change } = await run('addPrefix', parameters, asked);
    expect([verdict, change]).toEqual([true, body === undefined ? undefined : { kind: 'body', body }]);
  });

  it('regexReplace replaces what matches, text by text, and leaves the rest', async () => {
    const content = [
      { type: 'text', text: 'mail a@b.example' },
      { type: 'text', text: 'fine' },
      { type: 'text', text: 'c@d.example, e@f.example' },
    ];
    const rule = '[\\w.]+@[\\w.]+\\w';
    expect(await run('regexReplace', { rule }, asking(content))).toEqual({
      verdict: true,
      data: { explanation: 'The pattern matched in 2 of 3 texts.' },
      change: {
        kind: 'texts',
        texts: [
          [['messages', 0, 'content', 0, 'text'], 'mail [REDACTED]'],
          [['messages', 0, 'content', 2, 'text'], '[REDACTED], [REDACTED]'],
        ],
      },
    });
    expect(
      await run('regexReplace', { rule, failOnDetection: true, redactText: '' }, asking('a@b.example')),
    ).toMatchObject({
      verdict: false,
      change: { texts: [[['messages', 0, 'content'], '']] },
    });
    expect(await run('regexReplace', { rule, failOnDetection: true }, asking('nothing'))).toEqual({
      verdict: true,
      data: { explanation: 'The pattern matched in 0 of 1 texts.' },
    });
  });
});

describe('bad parameters', () => {
  it.each<[string, unknown, string]>([
    ['regexMatch', {}, '.rule: Missing: the regular expression.'],
    ['regexMatch', { rule: 'a', regex: 'b' }, '.regex: Given beside "rule", which says the same. Keep one.'],
    [
      'regexMatch',
      { rule: '^(a+)+$' },
      '.rule: The regular expression "^(a+)+$" can take exponential time: write it so that no two repetitions in it can match the same text.',
    ],
    [
      'regexMatch',
      { rule: '(' },
      '.rule: Bad regular expression "(": Invalid regular expression: /(/: Unterminated group',
    ],
    ['regexMatch', { rul: 'a' }, '.rul: Unknown parameter "rul". Did you mean "rule"?'],
    ['regexMatch', 'a', ': Expected object, received string.'],
    ['wordCount', {}, ': Gives neither a minimum nor a maximum, so that every text would pass.'],
    ['wordCount', { minWords: 3, maxWords: 2 }, ': The minimum, 3, is above the maximum, 2.'],
    ['characterCount', { minCharacters: -1 }, '.minCharacters: Too small: expected number to be >=0.'],
    ['sentenceCount', { maxSentences: 'two' }, '.maxSentences: Expected number, received string.'],
    ['contains', { words: [] }, '.words: Too small: expected array to have >=1 items.'],
    ['contains', { words: ['a'], operator: 'some' }, '.operator: Expected one of "any"|"all"|"none".'],
    ['jsonKeys', { keys: ['a'], operatr: 'all' }, '.operatr: Unknown parameter "operatr". Did you mean "operator"?'],
    ['jsonSchema', {}, '.schema: Expected a JSON Schema: an object, true, false, or the JSON text of one.'],
    ['jsonSchema', { schema: '{' }, '.schema: Is not JSON.'],
    [
      'jsonSchema',
      { schema: { type: 'object', requird: ['a'] } },
      '.schema.requird: Unknown keyword "requird". Did you mean "required"?',
    ],
    [
      'jsonSchema',
      { schema: { properties: { a: { pattern: '(a+)+$' } } } },
      '.schema.properties.a.pattern: The regular expression "(a+)+$" can take exponential time',
    ],
    [
      'jsonSchema',
      { schema: { patternProperties: { '(': {} } } },
      '.schema.patternProperties: Bad regular expression "(": ',
    ],
    [
      'jsonSchema',
      { schema: { items: { $ref: '#/$defs/none' } } },
      '.schema.items.$ref: The schema has nothing at "#/$defs/none".',
    ],
    [
      'jsonSchema',
      { schema: { $ref: 'https://example.com/a' } },
      '.schema.$ref: Nothing outside of the schema is looked up: "https://example.com/a".',
    ],
    [
      'jsonSchema',
      { schema: { properties: { a: 'string' } } },
      '.schema.properties.a: A schema is an object, true or false.',
    ],
    ['validUrls', { onlyDNS: true }, '.onlyDNS: Looking up hosts that a model names is not done here.'],
    ['containsCode', { format: 'Pyton' }, '.format: Unknown format "Pyton". Did you mean "Python"?'],
    ['alluppercase', { words: 1 }, '.words: Unknown parameter "words".'],
    ['endsWith', {}, '.suffix: Expected string, received undefined.'],
    ['modelWhitelist', {}, '.models: Missing: the models to allow.'],
    ['modelRules', { rules: {} }, '.rules: Has neither "defaults" nor "metadata", so that no model would be allowed.'],
    ['allowedRequestTypes', {}, ': Gives neither "allowedTypes" nor "blockedTypes", so that everything would pass.'],
    [
      'allowedRequestTypes',
      { allowedTypes: ['chatCompletes'] },
      '.allowedTypes: Unknown request type "chatCompletes". Did you mean "chatComplete"?',
    ],
    [
      'allowedRequestTypes',
      { allowedTypes: ['embed'], blockedTypes: ['embed'] },
      '.blockedTypes: "embed" is allowed and blocked. Keep one.',
    ],
    ['requiredMetadataKeys', { metadataKeys: [] }, '.metadataKeys: Too small: expected array to have >=1 items.'],
    ['metadata', { pairs: {} }, '.pairs: Is empty.'],
    ['webhook', {}, '.webhookURL: Expected string, received undefined.'],
    ['webhook', { webhookURL: 'file:///etc/passwd' }, '.webhookURL: Invalid URL.'],
    ['webhook', { webhookURL: 'https://user:pw@example.com' }, '.webhookURL: Must not hold a user name or password.'],
    ['webhook', { webhookURL: 'HTTPS://user@example.com' }, '.webhookURL: Must not hold a user name or password.'],
    ['webhook', { webhookURL: 'http:/10.0.0.1' }, '.webhookURL: Invalid URL.'],
    ['webhook', { webhookURL: 'https://example.com', headers: '{' }, '.headers: Expected record, received undefined.'],
    [
      'webhook',
      { webhookURL: 'https://example.com', headers: { a: 'b\r\nc: d' } },
      '.headers.a: Invalid string: must match pattern',
    ],
    ['webhook', { webhookURL: 'https://example.com', timeout: 0 }, '.timeout: Too small: expected number to be >0.'],
    ['log', { webhookURL: 'https://example.com' }, '.logURL: Expected string, received undefined.'],
    ['regexReplace', { rule: '(a*)*b' }, '.rule: The regular expression "(a*)*b" can take exponential time'],
    ['addPrefix', {}, '.prefix: Expected string, received undefined.'],
    [
      'addPrefix',
      { prefix: 'P', applyToRole: 'tool' },
      '.applyToRole: Expected one of "user"|"system"|"developer"|"assistant".',
    ],
    ['notNull', { operator: 'any' }, '.operator: Unknown parameter "operator".'],
    ['alllowercase', { not: 'yes' }, '.not: Expected boolean, received string.'],
  ])('of %s, %j: %s', (id, parameters, problem) => {
    expect(problemsOf(id, parameters)[0]?.slice(0, problem.length)).toBe(problem);
  });

  it('are told for every check: the table above knows them all', () => {
    const table = readFileSync(import.meta.filename, 'utf8').split("describe('bad parameters'")[1] ?? '';
    expect(Object.keys(checkKinds).filter((id) => !table.includes(`['${id}',`))).toEqual([]);
  });

  it('a schema that holds itself ends', () => {
    const schema: Record<string, unknown> = {};
    schema.items = schema;
    expect(problemsOf('jsonSchema', { schema })).toEqual([
      expect.stringContaining('The schema nests deeper than 100 levels, or holds itself.'),
    ]);
  });
});

it('every file of checks is registered, or used by one that is', () => {
  const folder = join(import.meta.dirname, '../../../src/routing/guardrails/checks');
  const all = readdirSync(folder);
  const texts = all.map((name) => readFileSync(join(folder, name), 'utf8'));
  expect(all.filter((name) => name !== 'index.ts' && !texts.some((text) => text.includes(`'./${name}'`)))).toEqual([]);
});

it.each<[string, string]>([
  ['default.contain', 'Unknown check "default.contain". Did you mean "default.contains"?'],
  ['contain', 'Unknown check "contain". Did you mean "default.contains"?'],
  [
    'patronus.phi',
    '"patronus.phi" asks a service or model of "patronus", which this version does not. Use "default.webhook", or a function.',
  ],
  ['portkey.pii', '"portkey.pii" asks a service or model of "portkey"'],
  ['default.jwt', '"default.jwt" is not supported. It verifies a header'],
  ['nobody.knows', 'Unknown check "nobody.knows". Valid: default.regexMatch, '],
])('%s: %s', (id, start) => {
  expect(unknownCheck(id, Object.keys(checkKinds)).slice(0, start.length)).toBe(start);
});
