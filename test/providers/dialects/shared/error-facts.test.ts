import { expect, it } from 'vitest';
import { errorFacts } from '../../../../src/providers/dialects/shared/error-facts.ts';

it('reads the shape of OpenAI', () => {
  const error = { message: 'Incorrect API key', type: 'invalid_request_error', code: 'invalid_api_key', param: null };
  expect(errorFacts(401, { error }, { 'x-request-id': 'r1' })).toEqual({
    status: 401,
    message: 'Incorrect API key',
    kind: 'auth',
    type: 'invalid_request_error',
    code: 'invalid_api_key',
    param: null,
    error,
    headers: { 'x-request-id': 'r1' },
  });
});

it.each([
  ['a text as error', { error: 'model is busy', error_type: 'overloaded' }, 'model is busy'],
  [
    'xAI',
    { code: 'Client specified an invalid argument', error: 'Incorrect API key provided' },
    'Incorrect API key provided',
  ],
  ['a message', { message: 'no such model' }, 'no such model'],
  ['AWS with a capital', { Message: 'denied' }, 'denied'],
  ['FastAPI text', { detail: 'Not Found' }, 'Not Found'],
  [
    'FastAPI list',
    {
      detail: [
        { loc: ['body', 'messages', 0, 'role'], msg: 'field required', type: 'missing' },
        { loc: ['body'], msg: 'x' },
      ],
    },
    'body.messages.0.role: field required; body: x',
  ],
  [
    'Mistral',
    { object: 'error', message: { detail: [{ loc: ['body', 'top_p'], msg: 'too big' }] } },
    'body.top_p: too big',
  ],
  ['Gemini behind OpenAI', [{ error: { code: 400, message: 'bad', status: 'INVALID_ARGUMENT' } }], 'bad'],
  ['Cloudflare', { success: false, errors: [{ code: 7003, message: 'Could not route' }] }, 'Could not route'],
  ['a list of texts', { errors: ['one', 'two'] }, 'one; two'],
  ['problem details', { type: 'about:blank', title: 'Bad Request', status: 400, detail: 'no messages' }, 'no messages'],
  ['text', '  upstream connect error  ', 'upstream connect error'],
  ['nothing', '', 'The provider sent no error text'],
  ['null', null, 'The provider sent no error text'],
  ['an unknown shape', { foo: 1 }, '{"foo":1}'],
  [
    'a page of nginx',
    '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center></body></html>',
    'Bad Gateway (an HTML page instead of JSON)',
  ],
  ['a page without title', '<!DOCTYPE html><p>hi', 'An HTML page instead of JSON'],
  [
    'OpenRouter with the upstream error inside',
    {
      error: {
        code: 400,
        message: 'Provider returned error',
        metadata: { raw: '{"error":{"message":"prompt is too long"}}' },
      },
    },
    'Provider returned error: prompt is too long',
  ],
  [
    'OpenRouter with upstream text inside',
    { error: { message: 'Provider returned error', metadata: { raw: 'ERROR' } } },
    'Provider returned error: ERROR',
  ],
])('finds the message in %s', (_what, body, message) => {
  expect(errorFacts(500, body).message).toBe(message);
});

it('shortens a long message', () => {
  expect(errorFacts(500, 'x'.repeat(5000)).message).toBe(`${'x'.repeat(1000)}…`);
});

it.each([
  ['code in the error', { error: { code: 429, message: 'slow' } }, { status: 429, kind: 'rate_limit', code: null }],
  ['code as text', { error: { code: '503', message: 'no' } }, { status: 503, kind: 'server', code: null }],
  ['status beside the error', { status: 404, error: 'gone' }, { status: 404, kind: 'not_found' }],
  ['kind alone', { error: { type: 'overloaded_error', message: 'x' } }, { status: 529, kind: 'overloaded' }],
  ['nothing', { error: { message: 'x' } }, { status: 502, kind: 'server' }],
  ['a code that is no status', { error: { code: 7003, message: 'x' } }, { status: 502, code: '7003' }],
])('an error without HTTP status takes it from %s', (_what, body, facts) => {
  expect(errorFacts(undefined, body)).toMatchObject(facts);
});

it('the HTTP status beats the one in the body', () => {
  expect(errorFacts(500, { error: { code: 404, message: 'x' } }).status).toBe(500);
});

it("takes Google's status as type and its reason as code", () => {
  const error = {
    code: 400,
    message: 'API key not valid. Please pass a valid API key.',
    status: 'INVALID_ARGUMENT',
    details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
  };
  expect(errorFacts(400, { error })).toMatchObject({ kind: 'auth', type: 'INVALID_ARGUMENT', code: 'API_KEY_INVALID' });
});

it("takes AWS's type from the header", () => {
  const headers = { 'x-amzn-errortype': 'ThrottlingException:http://internal.amazon.com/coral/' };
  expect(errorFacts(undefined, { message: 'slow down' }, headers)).toMatchObject({
    type: 'ThrottlingException',
    kind: 'rate_limit',
  });
});

it("classifies by Azure's inner code", () => {
  const error = { message: 'no', code: null, innererror: { code: 'ResponsibleAIPolicyViolation' } };
  expect(errorFacts(400, { error })).toMatchObject({ kind: 'content_policy', code: null });
});

it("reads Anthropic's envelope", () => {
  const body = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' }, request_id: 'req_1' };
  expect(errorFacts(529, body)).toMatchObject({ kind: 'overloaded', type: 'overloaded_error', error: body.error });
});
