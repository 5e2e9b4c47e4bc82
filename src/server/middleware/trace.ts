import type { MiddlewareHandler } from 'hono';
import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import { deliverError } from '../deliver.ts';
import type { Gateway } from '../gateway.ts';
import type { ServerContext, ServerEnv } from '../server-env.ts';

/** Opens the exchange of a request, under the trace ID that the caller sent or a new one. Outermost: all else finds an exchange. */
export function trace({ exchanges, runtime }: Gateway): MiddlewareHandler<ServerEnv> {
  return (c, next) => {
    const headers = headersOf(c);
    const given = headers['x-portkey-trace-id'] ?? traceparentId(headers['traceparent']);
    const isSound = given === undefined || isTraceId(given);
    const traceId = isSound && given !== undefined ? given : runtime.traceId();
    const { method, path } = c.req;
    const exchange = exchanges.open({ method, path, headers, traceId });
    exchange.responseHeaders['x-portkey-trace-id'] = traceId;
    c.set('exchange', exchange);
    if (isSound) return next();
    const message = 'A trace ID has 1 to 512 characters, none of them a control character.';
    return Promise.resolve(deliverError(c, new InvalidRequestError('x-portkey-trace-id', message)));
  };
}

function headersOf(c: ServerContext): Readonly<Record<string, string>> {
  const given = c.env?.headers;
  // Several values of one name come joined, but for cookies, which nobody here reads.
  return given === undefined ? Object.fromEntries(c.req.raw.headers) : (given as Readonly<Record<string, string>>);
}

function isTraceId(text: string): boolean {
  return text !== '' && text.length <= 512 && !/\p{Cc}/u.test(text);
}

/** W3C Trace Context, section 3.2. */
function traceparentId(traceparent: string | undefined): string | undefined {
  return traceparent === undefined
    ? undefined
    : /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/.exec(traceparent)?.[1];
}
