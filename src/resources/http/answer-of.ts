import type { Endpoint } from '../../core/endpoint.ts';
import { PortkeyError } from '../../core/errors/portkey-error.ts';
import { eventTexts } from '../event-texts.ts';
import { responseHeaders } from '../response-headers.ts';
import type { ServedReply } from '../served-reply.ts';
import { claim } from '../stream.ts';
import type { AnswerBody, HttpAnswer } from './answer.ts';
import { errorBody, errorEvent, toPortkeyError } from './error-body.ts';
import { isLeftOut, withRequestId } from './tidied.ts';

/**
 * A served reply as an HTTP response. A stream that fails after its first content ends with an error event, as the endpoint's own
 * API writes it.
 */
export function answerOf(served: ServedReply, endpoint: Endpoint): HttpAnswer {
  return {
    status: served.reply.status,
    headers: withRequestId(responseHeaders(served, isLeftOut), served.requestId),
    body: bodyOf(served, endpoint),
  };
}

function bodyOf({ reply: { body } }: ServedReply, endpoint: Endpoint): AnswerBody {
  if (body.kind === 'json') return { kind: 'text', text: body.text ?? JSON.stringify(body.value) };
  if (body.kind === 'bytes') return body;
  return { kind: 'events', events: eventTexts(claim(body.chunks), (error, named) => told(error, named, endpoint)) };
}

function told(thrown: unknown, named: boolean, endpoint: Endpoint): object {
  if (thrown instanceof PortkeyError && thrown.kind === 'aborted') throw thrown.cause ?? thrown;
  const error = toPortkeyError(thrown);
  return named ? errorEvent(error, endpoint) : errorBody(error, endpoint);
}
