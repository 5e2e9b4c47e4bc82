import type { Endpoint } from '../core/endpoint.ts';
import type { PortkeyError } from '../core/errors/portkey-error.ts';
import { errorAnswerOf, type HttpAnswer, toResponse } from '../resources/http/index.ts';
import { ended, type StreamSource } from '../resources/stream-source.ts';
import type { Exchange } from './exchange.ts';
import type { OnEnd, ServerContext } from './server-env.ts';

/** Sends `answer`, with the headers that the exchange gathered, and finishes the exchange when the last of it is out. */
export function deliver(c: ServerContext, answer: HttpAnswer): Response {
  const exchange = c.get('exchange');
  // An answer is made for one response: its headers are nobody else's.
  Object.assign(answer.headers, exchange.responseHeaders);
  const onEnd: OnEnd = (outcome) => exchange.finish(answer.status, outcome);
  return c.env.write === undefined ? webResponse(answer, onEnd) : c.env.write(answer, onEnd);
}

/** A failure as the endpoint's API tells it. */
export function deliverError(c: ServerContext, error: unknown): Response {
  const exchange = c.get('exchange');
  const answer = errorAnswerOf(traced(error, exchange), styleOf(exchange));
  exchange.facts.outcome ??= answer.status === 499 ? 'aborted' : 'failure';
  return deliver(c, answer);
}

/** JSON of the server's own. */
export function deliverJson(c: ServerContext, value: object, status = 200): Response {
  const body = { kind: 'text', text: JSON.stringify(value) } as const;
  return deliver(c, { status, headers: { 'content-type': 'application/json' }, body });
}

/** Anthropic's clients read errors of another shape. */
function styleOf({ path }: Exchange): Endpoint {
  return /\/messages(?:\/|$)/.test(path) ? 'messages' : 'proxy';
}

function traced(error: unknown, { traceId, facts }: Exchange): unknown {
  if (!(error instanceof Error) || !('kind' in error)) return error;
  const known = error as PortkeyError;
  known.traceId ??= traceId;
  facts.error ??= known.kind;
  return known;
}

function webResponse(answer: HttpAnswer, onEnd: OnEnd): Response {
  if (answer.body.kind !== 'events') {
    onEnd('success');
    return toResponse(answer);
  }
  return toResponse({ ...answer, body: { kind: 'events', events: watched(answer.body.events, onEnd) } });
}

/** `events`, telling when they are over. */
function watched(events: StreamSource<string>, onEnd: OnEnd): StreamSource<string> {
  return {
    async next() {
      try {
        const result = await events.next();
        if (result.done) onEnd('success');
        return result;
      } catch (error) {
        onEnd('aborted');
        throw error;
      }
    },
    async return() {
      await events.return();
      onEnd('aborted');
      return ended;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
