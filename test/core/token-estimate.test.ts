import fc from 'fast-check';
import { expect, it } from 'vitest';
import { changesPrompt, demandOf } from '../../src/core/demand.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { estimateInput, estimateText, outputBound } from '../../src/core/token-estimate.ts';
import { testContext } from '../support/engine.ts';

it.each([
  ['', 0],
  ['Hell', 1],
  ['Hello', 2],
  ['The quick brown fox jumps over the lazy dog.', 11],
  ['Привет, мир', 5],
  ['你好，世界', 5],
  ['한국어', 3],
  ['😀😀', 4],
])('takes %j for %i tokens', (text, tokens) => {
  expect(estimateText(text)).toBe(tokens);
});

it('judges a long text by a part of it, within a tenth', () => {
  const mixed = 'A line of English. 一行中文。'.repeat(4000);
  const exact = 4000 * estimateText('A line of English. 一行中文。');
  expect(Math.abs(estimateText(mixed) - exact) / exact).toBeLessThan(0.1);
});

it.each<[string, Parameters<typeof estimateInput>[0], JsonObject, number]>([
  ['a chat', 'chat/completions', { messages: [{ role: 'user', content: 'Hello there' }] }, 3 + 4 + 3],
  [
    'a chat with a system prompt and parts',
    'chat/completions',
    {
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: [{ type: 'text', text: 'Hello there' }] },
      ],
    },
    3 + 4 + 2 + 4 + 3,
  ],
  [
    'a picture, not its data',
    'chat/completions',
    {
      messages: [
        {
          role: 'user',
          content: [{ type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(100_000)}` } }],
        },
      ],
    },
    3 + 4 + 1100,
  ],
  [
    'a small picture',
    'chat/completions',
    { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x', detail: 'low' } }] }] },
    3 + 4 + 85,
  ],
  [
    'Anthropic’s messages with a document',
    'messages',
    {
      system: [{ type: 'text', text: 'Be kind.' }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'document', source: { type: 'base64', data: 'A'.repeat(9000) } },
            { type: 'text', text: 'Why?' },
          ],
        },
      ],
    },
    3 + 2 + 4 + 1100 + 1,
  ],
  ['a response', 'responses', { input: 'Hello there', instructions: 'Be kind.' }, 3 + 3 + 2],
  ['texts to embed', 'embeddings', { input: ['Hello there', 'Hell'] }, 3 + 1],
  ['token numbers to embed', 'embeddings', { input: [[1, 2, 3], [4]] }, 4],
  ['prompts to complete', 'completions', { prompt: ['Hello there', 'Hell'], suffix: 'Hell' }, 3 + 1 + 1],
  ['a text to speak', 'audio/speech', { input: 'Hello there' }, 3],
  ['nothing of a list of models', 'models', {}, 0],
  ['a body of no known shape', 'chat/completions', { messages: 7, tools: null }, 3 + 1],
])('counts %s', (_, endpoint, body, tokens) => {
  expect(estimateInput(endpoint, body)).toBe(tokens);
});

it('counts tools and schemas, also inside parts', () => {
  const parameters = { type: 'object', properties: { city: { type: 'string' } } };
  const tools = [{ type: 'function', function: { name: 'weather', parameters } }];
  const without = estimateInput('chat/completions', { messages: [] });
  const json = JSON.stringify(tools).length / 4;
  const counted = estimateInput('chat/completions', { messages: [], tools }) - without;
  expect(counted).toBeGreaterThan(json * 0.8);
  expect(counted).toBeLessThan(json * 1.4);
});

it.each<[string, Parameters<typeof outputBound>[0], JsonObject, number, boolean]>([
  ['max_tokens', 'chat/completions', { max_tokens: 50 }, 50, false],
  [
    'max_completion_tokens before max_tokens',
    'chat/completions',
    { max_completion_tokens: 20, max_tokens: 50 },
    20,
    false,
  ],
  ['n choices', 'chat/completions', { max_tokens: 50, n: 3 }, 150, false],
  ['max_output_tokens', 'responses', { max_output_tokens: 70 }, 70, false],
  ['an allowance', 'chat/completions', {}, 1024, true],
  ['an allowance for each choice', 'messages', { n: 2 }, 2048, true],
  ['several prompts', 'completions', { prompt: ['a', 'b'], max_tokens: 5, best_of: 2 }, 20, false],
  ['OpenAI’s default of completions', 'completions', { prompt: 'a' }, 16, true],
  ['no reply in text', 'embeddings', { input: 'a' }, 0, false],
  ['no reply to a list of the provider’s own', 'proxy', {}, 0, false],
  ['a limit of nonsense', 'chat/completions', { max_tokens: 'many' }, 1024, true],
])('bounds the reply by %s', (_, endpoint, body, ...[tokens, isGuessed]) => {
  expect(outputBound(endpoint, body)).toEqual({ tokens, isGuessed });
});

it('estimates any JSON without failing, and never below zero', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('messages', 'input', 'tools', 'text'), fc.jsonValue()), (body) => {
      for (const endpoint of ['chat/completions', 'responses', 'messages', 'embeddings', 'proxy'] as const) {
        expect(estimateInput(endpoint, body)).toBeGreaterThanOrEqual(0);
        expect(outputBound(endpoint, body).tokens).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

const chat = (body: JsonObject = {}) => ({
  endpoint: 'chat/completions' as const,
  body: { model: 'm', messages: [{ role: 'user', content: 'Hello there' }], ...body },
});
const rule = (override: JsonObject, toModel = (asked: string) => asked) => ({
  rewrite: (body: JsonObject) => ({ ...body, ...override }),
  changesPrompt: changesPrompt(Object.keys(override)),
  toModel,
});

it('works out once what a request needs, and what each target makes of that', () => {
  const request = chat({ max_tokens: 10 });
  const context = testContext({ metadata: { team: 'a' }, memo: {} });
  const demand = demandOf(request, context);
  expect(demandOf(request, context)).toBe(demand);
  expect(demandOf(chat({ max_tokens: 11 }), context).outputTokens).toBe(11);
  expect(demand).toMatchObject({ inputTokens: 10, outputTokens: 10, isOutputGuessed: false, model: 'm' });
  expect(demand.metadata).toEqual({ team: 'a' });
  expect(demand.under(undefined)).toBe(demand);
  const shorter = rule({ max_tokens: 5, model: 'n' });
  expect(demand.under(shorter)).toMatchObject({ inputTokens: 10, outputTokens: 5, model: 'n' });
  expect(demand.under(shorter)).toBe(demand.under(shorter));
  expect(demand.under(rule({ messages: [] }))).toMatchObject({ inputTokens: 3, outputTokens: 10 });
  expect(demand.under(rule({}, () => 'as named')).model).toBe('as named');
});

it('counts as the model asked for would, once for each', () => {
  const counted: string[] = [];
  const count = (text: string, model: string) => {
    counted.push(`${model}: ${text}`);
    return model === 'm' ? 100 : 7;
  };
  const demand = demandOf(chat(), testContext(), count);
  expect([demand.inputTokens, demand.inputTokens]).toEqual([107, 107]);
  expect(demand.under(rule({ max_tokens: 5 })).inputTokens).toBe(107);
  expect(demand.under(rule({ model: 'n' })).inputTokens).toBe(14);
  expect(counted).toEqual(['m: Hello there', 'n: Hello there']);
});
