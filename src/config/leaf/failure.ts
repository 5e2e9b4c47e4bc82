import { plainApiError } from '../../core/errors/api-error.ts';
import { refusalByGateway, refusedStatus } from '../../core/errors/guardrail-error.ts';
import { PortkeyError } from '../../core/errors/portkey-error.ts';
import { TranslationError, UnreadableReplyError } from '../../core/errors/reply-errors.ts';
import type { Dialect } from '../../core/provider.ts';
import type { HttpResponse } from '../../core/transport.ts';
import type { Redact } from './without-keys.ts';

/** The typed error for a response of status 400 or more, without the keys it may repeat. Reads its body. */
export async function toProviderError(received: HttpResponse, dialect: Dialect, redact: Redact): Promise<PortkeyError> {
  const text = redact(await received.body.text());
  const body = parsed(text);
  const { status } = received;
  const headers: Record<string, string> = {};
  for (const name in received.headers) headers[name] = redact(received.headers[name] ?? '');
  const facts = dialect.decodeError(status, body, headers);
  const refusal = status === refusedStatus ? refusalByGateway(body, facts.message, headers) : undefined;
  if (refusal !== undefined) return refusal;
  return plainApiError({
    ...facts,
    status: facts.status ?? status,
    headers: facts.headers === headers ? headers : { ...headers, ...facts.headers },
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Runs a translation step; whatever it throws comes out as a `PortkeyError`, so that a fallback goes on. */
export function translating<Result>(step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    throw toPortkeyError(error);
  }
}

/** A typed error for anything thrown before a reply came. */
export function toPortkeyError(error: unknown): PortkeyError {
  if (error instanceof PortkeyError) return error;
  return new TranslationError('body', `The request could not be translated: ${messageOf(error)}`, error);
}

/** Runs a reading step; whatever it throws comes out as a `PortkeyError`. */
export function reading<Result>(received: unknown, step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    throw toReadingError(error, received);
  }
}

/** A typed error for anything thrown while a reply was read. */
export function toReadingError(error: unknown, received: unknown): PortkeyError {
  if (error instanceof PortkeyError) return error;
  return new UnreadableReplyError(`The reply could not be read: ${messageOf(error)}`, received);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
