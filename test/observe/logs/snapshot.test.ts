import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactText } from '../../../src/observe/logs/redact.ts';
import { snapshot } from '../../../src/observe/logs/snapshot.ts';

const value = (body: unknown, maxLength = 100_000) => JSON.parse(snapshot(body, maxLength).text);
const canary = 'Z9canaryZ9';

describe('secrets in a logged body', () => {
  it.each([
    'api_key',
    'apiKey',
    'X-API-Key',
    'authorization',
    'Authorization',
    'openai_api_key',
    'password',
    'dbPassword',
    'client_secret',
    'secret',
    'access_token',
    'token',
    'aws_secret_access_key',
    'awsAccessKeyId',
    'private_key',
    'credentials',
    'Set-Cookie',
  ])('are taken out of a member called %s, however deep', (name) => {
    expect(value({ a: [{ b: { [name]: canary, kept: 1 } }] })).toEqual({
      a: [{ b: { [name]: '[redacted]', kept: 1 } }],
    });
  });

  it('are taken out of headers whatever these are called, and of nothing beside them', () => {
    const tools = [{ type: 'mcp', headers: { 'X-Custom': canary, more: { deep: [canary] } }, server_url: 'https://a' }];
    expect(value({ tools, extra_headers: { a: canary } })).toEqual({
      tools: [
        { type: 'mcp', headers: { 'X-Custom': '[redacted]', more: { deep: ['[redacted]'] } }, server_url: 'https://a' },
      ],
      extra_headers: { a: '[redacted]' },
    });
  });

  it.each([
    ['sk-proj-abcDEF123456_7890-xyz', '[redacted]'],
    ['sk-ant-api03-AAAAbbbb1111-22', '[redacted]'],
    ['AIzaSyA1234567890abcdefghijklmnop', '[redacted]'],
    ['AKIAIOSFODNN7EXAMPLE', '[redacted]'],
    ['ghp_abcdefghijklmnopqrstuvwxyz0123456789', '[redacted]'],
    ['xoxb-1234567890-abcdef', '[redacted]'],
    ['Authorization: Bearer abc.def-123456', 'Authorization: Bearer [redacted]'],
    ['postgres://me:pa55@host/db', 'postgres://[redacted]@host/db'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-def', '[redacted]'],
    ['a -----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY----- b', 'a [redacted] b'],
    ['{"password": "hunter22", "a": 1}', '{"password": "[redacted]", "a": 1}'],
    [String.raw`{\"api_key\":\"hunter22\"}`, String.raw`{\"api_key\":\"[redacted]\"}`],
  ])('are found by their looks inside a text: %s', (text, expected) => {
    expect(redactText(text)).toBe(expected);
    expect(value({ messages: [{ content: `see ${text} there` }] }).messages[0].content).toBe(`see ${expected} there`);
  });

  it.each(['max_tokens', 'prompt_tokens', 'author', 'logprobs', 'secretary'])(
    'are not suspected in a member called %s',
    (name) => {
      expect(value({ [name]: 'plain' })).toEqual({ [name]: 'plain' });
    },
  );

  it.each([
    'The sky-scraper was built in 1999 by pa-rents.',
    'sk-learn is a library',
    'https://example.com/path?a=b:c@d',
    'Bearer of bad news',
    'the token count is 12',
  ])('are not suspected in a sentence: %s', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it('are not suspected in log probabilities', () => {
    expect(value({ content: [{ token: 'Hello', logprob: -1 }] })).toEqual({
      content: [{ token: 'Hello', logprob: -1 }],
    });
  });
});

describe('a large body', () => {
  it('is cut where there is no room, with a mark, and stays whole JSON', () => {
    const body = { a: 'x y '.repeat(50), b: [1, 2, 3], c: 'later' };
    const { text, isTruncated } = snapshot(body, 100);
    expect(isTruncated).toBe(true);
    const kept = JSON.parse(text);
    expect(kept.a).toMatch(/^x y .*…\[\d+ more characters\]$/);
    expect(kept['…']).toBe('[2 more members]');
  });

  it('keeps the rest where an image or a sound takes the room', () => {
    const image = `data:image/png;base64,${'A'.repeat(100_000)}`;
    const kept = value({ image, question: 'What is it?' }, 5000);
    expect(kept).toEqual({ image: `${image.slice(0, 64)}…[99958 more characters]`, question: 'What is it?' });
  });

  it('shows no half of a secret at the edge', () => {
    const secret = 'sk-proj-abcDEF1234567890xyz';
    for (let cut = 80; cut < 140; cut++) {
      const { text } = snapshot(`${'a b '.repeat(25)}${secret} ${'c d '.repeat(500)}`, cut);
      expect(text).not.toContain('sk-proj');
    }
  });

  it('whatever it holds, is whole JSON of about the room given', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withTypedArray: true }),
        fc.integer({ min: 0, max: 500 }),
        (body, room) => {
          const { text } = snapshot(body, room);
          JSON.parse(text);
          expect(text.length).toBeLessThan(room * 7 + 2000);
        },
      ),
    );
  });

  it('names files instead of holding them', () => {
    expect(value({ file: new File(['abc'], 'a.mp3'), bytes: new Uint8Array(7) })).toEqual({
      file: '[file a.mp3, 3 bytes]',
      bytes: '[7 bytes]',
    });
  });

  it('that contains itself ends somewhere', () => {
    const body: Record<string, unknown> = {};
    body.self = body;
    expect(snapshot(body, 1000).isTruncated).toBe(true);
  });

  it('that is not cut equals what was sent', () => {
    const body = { model: 'm', messages: [{ role: 'user', content: 'Hällo 😀' }], n: 1, stop: null, stream: false };
    expect(snapshot(body, 1000)).toEqual({ text: JSON.stringify(body) });
  });
});
