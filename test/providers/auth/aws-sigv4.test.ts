import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TranslationError } from '../../../src/core/errors/reply-errors.ts';
import type { HttpRequest } from '../../../src/core/transport.ts';
import { canonicalRequest, type SigningOptions, signV4 } from '../../../src/providers/auth/aws-sigv4.ts';

/** Keys, date and scope of AWS's published Signature Version 4 test suite. */
const suite: SigningOptions = {
  keys: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
  region: 'us-east-1',
  service: 'service',
  now: Date.UTC(2015, 7, 30, 12, 36),
};
const host = 'https://example.amazonaws.com';
const unreserved = '-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const suiteToken =
  'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==';

describe("AWS's published test suite", () => {
  it.each<[name: string, request: HttpRequest, signedHeaders: string, signature: string]>([
    [
      'get-vanilla',
      { method: 'GET', url: `${host}/`, headers: {} },
      'host;x-amz-date',
      '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    ],
    [
      'get-vanilla-query-order-key-case',
      { method: 'GET', url: `${host}/?Param2=value2&Param1=value1`, headers: {} },
      'host;x-amz-date',
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
    [
      'get-vanilla-utf8-query',
      { method: 'GET', url: `${host}/?ሴ=bar`, headers: {} },
      'host;x-amz-date',
      '2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04',
    ],
    [
      'get-unreserved',
      { method: 'GET', url: `${host}/${unreserved}`, headers: {} },
      'host;x-amz-date',
      '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f',
    ],
    [
      'get-slashes',
      { method: 'GET', url: `${host}//example//`, headers: {} },
      'host;x-amz-date',
      '9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84',
    ],
    [
      'get-relative-relative',
      { method: 'GET', url: `${host}/example1/example2/../..`, headers: {} },
      'host;x-amz-date',
      '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    ],
    [
      'get-header-value-trim',
      { method: 'GET', url: `${host}/`, headers: { 'my-header1': ' value1', 'my-header2': ' "a   b   c"' } },
      'host;my-header1;my-header2;x-amz-date',
      'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
    ],
    [
      'post-vanilla',
      { method: 'POST', url: `${host}/`, headers: {} },
      'host;x-amz-date',
      '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
    ],
    [
      'post-header-key-sort',
      { method: 'POST', url: `${host}/`, headers: { 'my-header1': 'value1' } },
      'host;my-header1;x-amz-date',
      'c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c',
    ],
    [
      'post-x-www-form-urlencoded',
      {
        method: 'POST',
        url: `${host}/`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'Param1=value1',
      },
      'content-type;host;x-amz-date',
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ],
  ])('%s', async (_name, request, signedHeaders, signature) => {
    expect(await signV4(request, suite)).toEqual({
      ...request,
      headers: {
        ...request.headers,
        'x-amz-date': '20150830T123600Z',
        authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${signedHeaders}, Signature=${signature}`,
      },
    });
  });

  it('post-sts-header-before: the session token is sent and signed', async () => {
    const keys = { ...suite.keys, sessionToken: suiteToken };
    const signed = await signV4({ method: 'POST', url: `${host}/`, headers: {} }, { ...suite, keys });
    expect(signed.headers).toEqual({
      'x-amz-date': '20150830T123600Z',
      'x-amz-security-token': suiteToken,
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead',
    });
  });
});

it("signs the IAM User Guide's example", async () => {
  const signed = await signV4(
    {
      method: 'GET',
      url: 'https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    },
    { ...suite, service: 'iam' },
  );
  expect(signed.headers['authorization']).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
  );
});

describe("the S3 API Reference's examples", () => {
  const s3: SigningOptions = {
    keys: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
    region: 'us-east-1',
    service: 's3',
    now: Date.UTC(2013, 4, 24),
  };
  const bucket = 'https://examplebucket.s3.amazonaws.com';

  it.each<[name: string, request: HttpRequest, signature: string]>([
    [
      'GET object',
      { method: 'GET', url: `${bucket}/test.txt`, headers: { range: 'bytes=0-9' } },
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'PUT object, its path encoded once',
      {
        method: 'PUT',
        url: `${bucket}/test$file.text`,
        headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
        body: 'Welcome to Amazon S3.',
      },
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    ],
    [
      'GET bucket lifecycle, a query name without value',
      { method: 'GET', url: `${bucket}/?lifecycle`, headers: {} },
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    ],
    [
      'GET bucket',
      { method: 'GET', url: `${bucket}/?prefix=J&max-keys=2`, headers: {} },
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
  ])('%s', async (_name, request, signature) => {
    const signed = await signV4(request, s3);
    expect(signed.headers['authorization']?.split('Signature=')[1]).toBe(signature);
  });
});

it('encodes the sent path again for every service but S3: a Bedrock model ID', () => {
  const request: HttpRequest = {
    method: 'POST',
    url: 'https://bedrock-runtime.us-west-2.amazonaws.com/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse',
    headers: { 'content-type': 'application/json', 'user-agent': 'undici', accept: '*/*' },
  };
  expect(canonicalRequest(request, 'bedrock', 'HASH')).toEqual({
    text: [
      'POST',
      '/model/anthropic.claude-3-haiku-20240307-v1%253A0/converse',
      '',
      'content-type:application/json',
      'host:bedrock-runtime.us-west-2.amazonaws.com',
      '',
      'content-type;host',
      'HASH',
    ].join('\n'),
    signedHeaders: 'content-type;host',
  });
});

it('signs text and its bytes alike, and nothing at all like an empty body', async () => {
  const request: HttpRequest = { method: 'POST', url: `${host}/`, headers: {} };
  const text = await signV4({ ...request, body: 'grüße' }, suite);
  const bytes = await signV4({ ...request, body: new TextEncoder().encode('grüße') }, suite);
  expect(bytes.headers).toEqual(text.headers);
  expect((await signV4({ ...request, body: '' }, suite)).headers).toEqual((await signV4(request, suite)).headers);
});

it('refuses form data, whose bytes nobody knows yet', async () => {
  const request: HttpRequest = { method: 'POST', url: `${host}/`, headers: {}, body: new FormData() };
  await expect(signV4(request, suite)).rejects.toThrow(
    new TranslationError('body', 'AWS signs the bytes of a body, so it cannot be form data. Send JSON, text or bytes.'),
  );
});

it('leaves the request as it is', async () => {
  const request = Object.freeze({ method: 'GET', url: `${host}/`, headers: Object.freeze({ a: 'b' }) });
  await signV4(request, suite);
  expect(request).toEqual({ method: 'GET', url: `${host}/`, headers: { a: 'b' } });
});

const names = fc.stringMatching(/^[a-zA-Z0-9~*!' ()é/?:]{1,8}$/);
const pairs = fc.array(fc.tuple(names, names), { maxLength: 6 });
const search = (entries: readonly (readonly [string, string])[]) =>
  entries.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');

it('does not depend on the order of query parameters or headers', async () => {
  await fc.assert(
    fc.asyncProperty(pairs, fc.dictionary(fc.stringMatching(/^x-[a-z]{1,5}$/), names), async (query, headers) => {
      const forward = await signV4({ method: 'GET', url: `${host}/?${search(query)}`, headers }, suite);
      const backward = await signV4(
        {
          method: 'GET',
          url: `${host}/?${search(query.toReversed())}`,
          headers: Object.fromEntries(Object.entries(headers).toReversed()),
        },
        suite,
      );
      expect(backward.headers['authorization']).toBe(forward.headers['authorization']);
    }),
    { numRuns: 50 },
  );
});

it('writes path and query with unreserved characters, % and separators only', () => {
  fc.assert(
    fc.property(names, pairs, (segment, query) => {
      const url = `${host}/a/${encodeURIComponent(segment)}?${search(query)}`;
      const [, path, queryLine] = canonicalRequest({ method: 'GET', url, headers: {} }, 'bedrock', '').text.split('\n');
      expect(path).toMatch(/^(\/([A-Za-z0-9\-._~]|%[0-9A-F]{2})*)+$/);
      expect(queryLine).toMatch(/^([A-Za-z0-9\-._~=&]|%[0-9A-F]{2})*$/);
    }),
  );
});

it('gives different signatures for a different body, region, day or secret', async () => {
  const request: HttpRequest = { method: 'POST', url: `${host}/`, headers: {}, body: 'a' };
  const signatures = await Promise.all([
    signV4(request, suite),
    signV4({ ...request, body: 'b' }, suite),
    signV4(request, { ...suite, region: 'eu-west-1' }),
    signV4(request, { ...suite, now: suite.now + 86_400_000 }),
    signV4(request, { ...suite, keys: { ...suite.keys, secretAccessKey: 'another' } }),
  ]);
  expect(new Set(signatures.map((signed) => signed.headers['authorization']?.split('Signature=')[1])).size).toBe(5);
});
