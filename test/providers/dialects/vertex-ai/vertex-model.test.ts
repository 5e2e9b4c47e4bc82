import { expect, it } from 'vitest';
import { vertexModel } from '../../../../src/providers/dialects/vertex-ai/vertex-model.ts';

it.each([
  ['gemini-2.5-flash', 'gemini', 'gemini-2.5-flash', '/publishers/google/models/gemini-2.5-flash'],
  ['models/gemini-2.5-flash', 'gemini', 'gemini-2.5-flash', '/publishers/google/models/gemini-2.5-flash'],
  ['google/gemini-2.5-flash', 'gemini', 'gemini-2.5-flash', '/publishers/google/models/gemini-2.5-flash'],
  ['google.gemini-2.5-flash', 'gemini', 'gemini-2.5-flash', '/publishers/google/models/gemini-2.5-flash'],
  ['gemini-1.5-pro@001', 'gemini', 'gemini-1.5-pro@001', '/publishers/google/models/gemini-1.5-pro@001'],
  ['text-embedding-005', 'gemini', 'text-embedding-005', '/publishers/google/models/text-embedding-005'],
  ['1234567890', 'gemini', '1234567890', '/endpoints/1234567890'],
  ['a?b#c', 'gemini', 'a?b#c', '/publishers/google/models/a%3Fb%23c'],
  [
    'claude-sonnet-4@20250514',
    'anthropic',
    'claude-sonnet-4@20250514',
    '/publishers/anthropic/models/claude-sonnet-4@20250514',
  ],
  ['anthropic.claude-opus-4-1', 'anthropic', 'claude-opus-4-1', '/publishers/anthropic/models/claude-opus-4-1'],
  [
    'publishers/anthropic/models/claude-opus-4-1',
    'anthropic',
    'claude-opus-4-1',
    '/publishers/anthropic/models/claude-opus-4-1',
  ],
])('%s speaks %s', (model, format, name, path) => {
  expect(vertexModel(model)).toEqual({ format, name, path });
});

it.each([
  [
    'mistral-medium-3',
    { path: '/publishers/mistralai/models/mistral-medium-3', call: 'rawPredict', bodyModel: 'mistral-medium-3' },
  ],
  [
    'mistralai/codestral-2',
    { path: '/publishers/mistralai/models/codestral-2', call: 'rawPredict', bodyModel: 'codestral-2' },
  ],
  [
    'jamba-1.5-mini',
    { path: '/publishers/ai21/models/jamba-1.5-mini', call: 'rawPredict', bodyModel: 'jamba-1.5-mini' },
  ],
  [
    'meta/llama-3.3-70b-instruct-maas',
    { path: '/endpoints/openapi', call: 'chat/completions', bodyModel: 'meta/llama-3.3-70b-instruct-maas' },
  ],
  [
    'meta.llama-3.3-70b-instruct-maas',
    { path: '/endpoints/openapi', call: 'chat/completions', bodyModel: 'meta/llama-3.3-70b-instruct-maas' },
  ],
  [
    'openai/gpt-oss-120b-maas',
    { path: '/endpoints/openapi', call: 'chat/completions', bodyModel: 'openai/gpt-oss-120b-maas' },
  ],
  ['endpoints.987', { path: '/endpoints/987', call: 'chat/completions' }],
  ['endpoints/987', { path: '/endpoints/987', call: 'chat/completions' }],
])('%s speaks OpenAI’s format', (model, expected) => {
  expect(vertexModel(model)).toMatchObject({ format: 'openai', ...expected });
});
