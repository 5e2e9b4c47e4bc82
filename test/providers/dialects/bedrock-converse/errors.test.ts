import { describe, expect, it } from 'vitest';
import type { HeaderMap } from '../../../../src/core/reply.ts';
import { bedrockConverse } from '../../../../src/providers/dialects/bedrock-converse/index.ts';

const decodeError = (status: number, body: unknown, headers: HeaderMap = {}) =>
  bedrockConverse.decodeError(status, body, headers);
const named = (name: string): HeaderMap => ({
  'x-amzn-errortype': `${name}:http://internal.amazon.com/coral/com.amazon.bedrock/`,
});

it('reads message, name and kind of an error, and keeps body and headers', () => {
  const headers = { ...named('ThrottlingException'), 'x-amzn-requestid': 'r1' };
  expect(decodeError(429, { message: 'Too many requests.' }, headers)).toEqual({
    status: 429,
    message: 'Too many requests.',
    kind: 'rate_limit',
    type: 'ThrottlingException',
    code: 'ThrottlingException',
    param: null,
    error: { message: 'Too many requests.' },
    headers,
  });
});

it.each<[number, string, string, string]>([
  [400, 'ValidationException', 'Input is too long for requested model.', 'context_window'],
  [
    400,
    'ValidationException',
    'The model returned the following errors: prompt is too long: 210000 tokens > 200000 maximum',
    'context_window',
  ],
  [400, 'ValidationException', 'The provided model identifier is invalid.', 'not_found'],
  [400, 'ValidationException', 'A conversation must start with a user message.', 'invalid_request'],
  [400, 'ServiceQuotaExceededException', 'Quota.', 'rate_limit'],
  [403, 'AccessDeniedException', "You don't have access to the model with the specified model ID.", 'auth'],
  [403, 'ExpiredTokenException', 'The security token included in the request is expired', 'auth'],
  [403, 'UnrecognizedClientException', 'The security token included in the request is invalid.', 'auth'],
  [404, 'ResourceNotFoundException', 'Could not resolve the foundation model.', 'not_found'],
  [408, 'ModelTimeoutException', 'Too slow.', 'timeout'],
  [424, 'ModelErrorException', 'The model failed.', 'server'],
  [429, 'ThrottlingException', 'Too many tokens, please wait before trying again.', 'rate_limit'],
  [429, 'ModelNotReadyException', 'Loading.', 'overloaded'],
  [500, 'InternalServerException', 'Oops.', 'server'],
  [503, 'ServiceUnavailableException', 'Try later.', 'overloaded'],
])('%i %s "%s" is %s', (status, name, message, kind) => {
  expect(decodeError(status, { message }, named(name))).toMatchObject({ status, message, kind, code: name });
});

it("counts a failed model as the request's fault where its own status says so", () => {
  const facts = (originalStatusCode: number) =>
    decodeError(424, { message: 'The model failed.', originalStatusCode }, named('ModelErrorException'));
  expect([facts(400).kind, facts(503).kind]).toEqual(['invalid_request', 'server']);
});

it('reads the name from __type and the message from Message', () => {
  const body = { __type: 'com.amazon.coral.service#ExpiredTokenException', Message: 'Expired.' };
  expect(decodeError(403, body)).toMatchObject({ message: 'Expired.', kind: 'auth', type: 'ExpiredTokenException' });
});

describe('a body that is not an error object', () => {
  it.each([
    [
      502,
      '<html><head><title>502 Bad Gateway</title></head></html>',
      'Bad Gateway (an HTML page instead of JSON)',
      'server',
    ],
    [503, '', 'The provider sent no error text', 'server'],
    [403, { message: null }, '{"message":null}', 'auth'],
  ])('%i %j', (status, body, message, kind) => {
    expect(decodeError(status, body)).toMatchObject({ status, message, kind });
  });
});

it('keeps nothing of a refused signature but the first line: the others repeat the session token', () => {
  const message =
    "The request signature we calculated does not match the signature you provided.\n\nThe Canonical String for this request should have been\n'POST\nx-amz-security-token:s3cr3t'";
  for (const body of [{ message }, message]) {
    const facts = decodeError(403, body, named('InvalidSignatureException'));
    expect(facts).toMatchObject({
      message: 'The request signature we calculated does not match the signature you provided.',
      kind: 'auth',
      error: { message: 'The request signature we calculated does not match the signature you provided.' },
    });
    expect(JSON.stringify(facts)).not.toContain('s3cr3t');
  }
});
