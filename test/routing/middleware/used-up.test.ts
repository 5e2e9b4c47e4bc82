import { expect, it } from 'vitest';
import type { Delivery } from '../../../src/core/context.ts';
import {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIUserAbortError,
} from '../../../src/core/errors/connection-errors.ts';
import { TranslationError, TruncatedStreamError, UnreadableReplyError } from '../../../src/core/errors/reply-errors.ts';
import { usedUp } from '../../../src/routing/middleware/used-up.ts';
import { failure } from '../../support/engine.ts';

const refused = new APIConnectionError('refused', Object.assign(new Error('x'), { code: 'ECONNREFUSED' }));
const reset = new APIConnectionError('reset', Object.assign(new Error('x'), { code: 'ECONNRESET' }));

it.each<[string, unknown, Delivery['phase'], string]>([
  ['nothing: never sent', new TranslationError('body', 'x'), 'unsent', 'nothing'],
  ['nothing: the caller left before', new APIUserAbortError(), 'unsent', 'nothing'],
  ['nothing: no server', refused, 'sent', 'nothing'],
  ['a request: the wire broke before an answer', reset, 'sent', 'request'],
  ['all: it broke after', reset, 'answered', 'all'],
  ['a request: too many', failure(429), 'answered', 'request'],
  ['a request: the key', failure(401), 'answered', 'request'],
  ['a request: a mistake', failure(400), 'answered', 'request'],
  ['a request: the server', failure(503), 'answered', 'request'],
  ['a request: the prompt', failure({ status: 400, kind: 'context_window' }), 'answered', 'request'],
  ['all: a timeout', new APIConnectionTimeoutError('request_timeout', 5), 'sent', 'all'],
  ['all: the caller left meanwhile', new APIUserAbortError(), 'sent', 'all'],
  ['all: an unreadable reply', new UnreadableReplyError('x', ''), 'answered', 'all'],
  ['all: a stream cut short', new TruncatedStreamError('x'), 'answered', 'all'],
  ['all: something unheard of', new Error('x'), 'answered', 'all'],
])('a failure used up %s', (_, error, phase, expected) => {
  expect(usedUp(error, { phase })).toBe(expected);
});
