import { expect, it } from 'vitest';
import { type APIError, apiError } from '../../../src/core/errors/api-error.ts';
import {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIUserAbortError,
} from '../../../src/core/errors/connection-errors.ts';
import type { ErrorKind } from '../../../src/core/errors/kind.ts';
import { TranslationError, TruncatedStreamError, UnreadableReplyError } from '../../../src/core/errors/reply-errors.ts';
import { CapacityError, CooldownError } from '../../../src/core/errors/routing-errors.ts';
import { VirtualKeyError } from '../../../src/core/errors/vault-errors.ts';
import { failureLimit } from '../../../src/routing/middleware/failure-limit.ts';
import { testContext } from '../../support/engine.ts';

const limits = { allowedFails: 3, perError: {} };
const of = (kind: ErrorKind, status?: number) => apiError({ kind, status, message: 'failed' });
const attempt = { path: 'a', targetId: 'a', provider: 'p', retry: 0, startedAt: 0, outcome: 'pending' } as const;

it.each([
  ['a server error', of('server', 500)],
  ['an overload', of('overloaded', 529)],
  ['a rate limit', of('rate_limit', 429)],
  ['a refused connection', new APIConnectionError('refused')],
  ['an unreadable 200', new UnreadableReplyError('No JSON', '<html>')],
  ['a stream cut short', new TruncatedStreamError('cut')],
  ['a timeout of the config', new APIConnectionTimeoutError('request_timeout', 5)],
  ['silence before the first token', new APIConnectionTimeoutError('first_token_timeout', 5)],
  ['a stream that fell silent', new APIConnectionTimeoutError('idle_timeout', 5)],
])('%s counts', (_, error) => {
  expect(failureLimit(error, testContext(), limits)).toEqual({ of: 'any', allowedFails: 3 });
});

it.each([
  ['a key refused (401)', of('auth', 401)],
  ['access refused (403)', of('auth', 403)],
  ['an empty account, whatever its status', of('billing', 400)],
])('%s is one too many at once', (_, error) => {
  expect(failureLimit(error, testContext(), limits)).toEqual({ of: 'any', allowedFails: 0 });
});

it.each([
  ['a bad request', of('invalid_request', 400)],
  ['an unprocessable one', of('invalid_request', 422)],
  ['a prompt too long', of('context_window', 400)],
  ['a content filter', of('content_policy', 400)],
  ['an unknown model', of('not_found', 404)],
  ['a request that cannot be translated', new TranslationError('body', 'no')],
  ['an unknown virtual key', new VirtualKeyError('unknown')],
  ['the caller leaving', new APIUserAbortError()],
  ['a full target', new CapacityError({ code: 'max_concurrency', message: 'Full.', readyInMs: 0 })],
  ['a cooling one', new CooldownError({ path: 'config', of: 'target', readyInMs: 5 })],
])('%s does not count', (_, error) => {
  expect(failureLimit(error, testContext(), limits)).toBeUndefined();
});

it('does not count the call’s own timeout', () => {
  const error = new APIConnectionTimeoutError('request_timeout', 5);
  expect(failureLimit(error, testContext({ call: { requestTimeoutMs: 5 } }), limits)).toBeUndefined();
});

it('counts a deadline of the whole request only against a target that had all of the time', () => {
  const error = new APIConnectionTimeoutError('total_timeout', 5);
  expect(failureLimit(error, testContext({ attempts: [attempt] }), limits)).toEqual({ of: 'any', allowedFails: 3 });
  expect(failureLimit(error, testContext({ attempts: [attempt, attempt] }), limits)).toBeUndefined();
});

it('counts a kind with a limit of its own apart', () => {
  const own = { allowedFails: 3, perError: { rate_limit: 0, auth: 5, server: 9 } };
  expect(failureLimit(of('rate_limit', 429), testContext(), own)).toEqual({ of: 'rate_limit', allowedFails: 0 });
  expect(failureLimit(of('auth', 401), testContext(), own)).toEqual({ of: 'auth', allowedFails: 5 });
  expect(failureLimit(of('overloaded', 529), testContext(), own)).toEqual({ of: 'server', allowedFails: 9 });
  expect(failureLimit(of('network'), testContext(), own)).toEqual({ of: 'any', allowedFails: 3 });
});

it.each<[string, readonly number[], APIError, boolean]>([
  ['a listed status', [429], of('rate_limit', 429), true],
  ['a listed caller’s mistake', [400], of('invalid_request', 400), true],
  ['another status', [429], of('server', 500), false],
  ['a key refused that is not listed', [500], of('auth', 401), false],
  ['no answer, with a 5xx listed', [503], of('network'), true],
  ['no answer, with none listed', [429], of('network'), false],
  ['a timeout, with 408 listed', [408], of('timeout', 408), true],
])('counts by Portkey’s failure_status_codes: %s', (_, onStatusCodes, error, counts) => {
  const limit = failureLimit(error, testContext(), { ...limits, onStatusCodes });
  expect(limit).toEqual(counts ? { of: 'any', allowedFails: 3 } : undefined);
});
