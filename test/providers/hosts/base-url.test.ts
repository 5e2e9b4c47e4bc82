import fc from 'fast-check';
import { expect, it } from 'vitest';
import { joinBaseUrl } from '../../../src/providers/hosts/base-url.ts';

const openai = 'https://api.openai.com/v1';
const groq = 'https://api.groq.com/openai/v1';
const chat = '/chat/completions';

it.each([
  [undefined, openai, chat, 'https://api.openai.com/v1/chat/completions'],
  // With and without the version, with and without slashes.
  ['http://h:1', openai, chat, 'http://h:1/v1/chat/completions'],
  ['http://h:1/', openai, chat, 'http://h:1/v1/chat/completions'],
  ['http://h:1/v1', openai, chat, 'http://h:1/v1/chat/completions'],
  ['http://h:1/v1/', openai, chat, 'http://h:1/v1/chat/completions'],
  ['http://h:1/v1//', openai, chat, 'http://h:1/v1/chat/completions'],
  [' http://h:1/v1 ', openai, chat, 'http://h:1/v1/chat/completions'],
  ['https://api.openai.com', openai, chat, 'https://api.openai.com/v1/chat/completions'],
  // Prefixes are kept.
  ['https://corp/llm', openai, chat, 'https://corp/llm/v1/chat/completions'],
  ['https://corp/llm/v1', openai, chat, 'https://corp/llm/v1/chat/completions'],
  [
    'https://gateway.ai.cloudflare.com/v1/acc/gw/openai',
    openai,
    chat,
    'https://gateway.ai.cloudflare.com/v1/acc/gw/openai/chat/completions',
  ],
  // Another version than the official one is the user's business.
  ['http://h/v2', openai, chat, 'http://h/v2/chat/completions'],
  ['http://h/v1beta/openai', openai, chat, 'http://h/v1beta/openai/chat/completions'],
  // The official base has more than a version.
  ['http://h', groq, chat, 'http://h/v1/chat/completions'],
  ['http://h/openai', groq, chat, 'http://h/openai/v1/chat/completions'],
  ['https://api.groq.com', groq, chat, 'https://api.groq.com/openai/v1/chat/completions'],
  ['https://api.groq.com/openai', groq, chat, 'https://api.groq.com/openai/v1/chat/completions'],
  ['http://h', 'https://api.z.ai/api/paas/v4', chat, 'http://h/v4/chat/completions'],
  ['http://h', 'https://api.deepinfra.com/v1/openai', chat, 'http://h/v1/openai/chat/completions'],
  ['http://h/v1', 'https://api.deepinfra.com/v1/openai', chat, 'http://h/v1/chat/completions'],
  [
    'http://h',
    'https://generativelanguage.googleapis.com/v1beta',
    '/models/m:generateContent',
    'http://h/v1beta/models/m:generateContent',
  ],
  // It has no version.
  ['http://h', 'https://api.perplexity.ai', chat, 'http://h/chat/completions'],
  ['http://h/v1', 'https://api.perplexity.ai', chat, 'http://h/v1/chat/completions'],
  ['http://h', 'https://models.github.ai/inference', chat, 'http://h/inference/chat/completions'],
  ['http://h/inference', 'https://models.github.ai/inference', chat, 'http://h/inference/chat/completions'],
  // The path carries the version.
  ['http://h/v2', 'https://api.cohere.com', '/v2/chat', 'http://h/v2/chat'],
  ['http://h', 'https://api.cohere.com', '/v2/chat', 'http://h/v2/chat'],
  ['http://h/v1', 'https://api.cohere.com', '/v2/chat', 'http://h/v1/v2/chat'],
  [undefined, openai, '/v1/chat/completions', 'https://api.openai.com/v1/chat/completions'],
  [undefined, openai, '/v12/chat', 'https://api.openai.com/v1/v12/chat'],
  // Queries on either side.
  ['http://h/v1?a=1', openai, chat, 'http://h/v1/chat/completions?a=1'],
  ['http://h?a=1', openai, '/files?limit=2', 'http://h/v1/files?limit=2&a=1'],
  ['https://api.openai.com?a=1', openai, chat, 'https://api.openai.com/v1/chat/completions?a=1'],
])('%s over %s with %s', (...row) => {
  const [customHost, officialBase, path, url] = row;
  expect(joinBaseUrl(customHost, officialBase, path)).toBe(url);
});

it.each([
  ['no scheme', 'localhost:8080'],
  ['no URL', 'not a url'],
  ['another scheme', 'ftp://h'],
  ['empty', ''],
])('refuses %s', (_what, customHost) => {
  expect(() => joinBaseUrl(customHost, openai, chat)).toThrow(
    expect.objectContaining({ kind: 'translation', param: 'custom_host' }),
  );
});

it('refuses a password and does not print it', () => {
  expect(() => joinBaseUrl('https://me:s3cret@h', openai, chat)).toThrow(/^(?!.*s3cret).*password/);
});

it('never doubles nor loses the version', () => {
  const host = fc.tuple(
    fc.constantFrom('http://h', 'https://h:8443', 'http://127.0.0.1:9'),
    fc.array(fc.stringMatching(/^[a-z]{1,6}$/), { maxLength: 2 }),
    fc.constantFrom('', '/v1'),
    fc.constantFrom('', '/', '//'),
  );
  fc.assert(
    fc.property(host, ([origin, prefix, version, slashes]) => {
      const folder = [origin, ...prefix].join('/');
      expect(joinBaseUrl(`${folder}${version}${slashes}`, openai, chat)).toBe(`${folder}/v1/chat/completions`);
    }),
  );
});
