import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../../../../src/providers/dialects/anthropic-messages/index.ts';

const envelope = (type: string, message: string, details?: object) => ({
  type: 'error',
  error: { type, message, ...(details === undefined ? {} : { details }) },
  request_id: 'req_011CSHoEeqs5C35K2UUqR7Fy',
});

describe('decodeError', () => {
  it.each([
    [400, 'invalid_request_error', 'max_tokens: Field required', 'invalid_request'],
    [400, 'invalid_request_error', 'prompt is too long: 214315 tokens > 200000 maximum', 'context_window'],
    [
      400,
      'invalid_request_error',
      'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000, decrease input length or `max_tokens` and try again',
      'context_window',
    ],
    [400, 'invalid_request_error', 'Your credit balance is too low to access the Anthropic API.', 'billing'],
    [
      400,
      'invalid_request_error',
      'You have reached your specified API usage limits. You will regain access on 2026-12-01.',
      'billing',
    ],
    [400, 'invalid_request_error', 'Output blocked by content filtering policy', 'content_policy'],
    [401, 'authentication_error', 'invalid x-api-key', 'auth'],
    [402, 'billing_error', 'There is an issue with your billing', 'billing'],
    [403, 'permission_error', 'Your API key does not have permission', 'auth'],
    [404, 'not_found_error', 'model: claude-nope', 'not_found'],
    [413, 'request_too_large', 'Request exceeds the maximum size', 'invalid_request'],
    [429, 'rate_limit_error', 'This request would exceed your rate limit', 'rate_limit'],
    [500, 'api_error', 'Internal server error', 'server'],
    [504, 'timeout_error', 'The request timed out', 'timeout'],
    [529, 'overloaded_error', 'Overloaded', 'overloaded'],
  ])('reads %i %s: %s', (status, type, message, kind) => {
    const body = envelope(type, message);
    expect(anthropicMessages.decodeError(status, body, { 'retry-after': '7' })).toEqual({
      status,
      message,
      kind,
      type,
      code: null,
      param: null,
      error: body.error,
      headers: { 'retry-after': '7', 'request-id': 'req_011CSHoEeqs5C35K2UUqR7Fy' },
    });
  });

  it.each([
    [429, 'rate_limit_error', 'enforced_spend_limit_reached', 'billing'],
    [402, 'billing_error', 'linked_organization_spend_limit_reached', 'billing'],
    [429, 'rate_limit_error', 'ramp_limit_exceeded', 'rate_limit'],
    [400, 'invalid_request_error', 'thread_already_continued', 'invalid_request'],
  ])('takes the code of %i %s: %s', (status, type, code, kind) => {
    const body = envelope(type, 'No.', { error_code: code });
    expect(anthropicMessages.decodeError(status, body, {})).toMatchObject({ status, code, kind, type });
  });

  it('trusts the request ID of the headers', () => {
    const facts = anthropicMessages.decodeError(500, envelope('api_error', 'x'), { 'request-id': 'req_header' });
    expect(facts.headers).toEqual({ 'request-id': 'req_header' });
  });

  it.each([
    [413, '<html><head><title>413 Request Entity Too Large</title></head></html>', 'invalid_request'],
    [502, '', 'server'],
    [529, '', 'overloaded'],
    [403, { message: 'Forbidden' }, 'auth'],
  ])('reads what a proxy says: %i %j', (status, body, kind) => {
    expect(anthropicMessages.decodeError(status, body, {})).toMatchObject({ status, kind });
  });
});
