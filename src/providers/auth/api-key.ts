import type { Credentials } from '../../core/credentials.ts';
import { apiError } from '../../core/errors/api-error.ts';
import type { Authenticator } from '../../core/provider.ts';

/** What an error about a provider's key has to say. */
export interface KeyFacts {
  readonly title: string;
  /** Environment variables that may hold the key. */
  readonly env: readonly string[];
  /** False when calls need no key; true when absent. */
  readonly needsKey?: boolean | undefined;
}

/** Sends the API key as `Authorization: Bearer`. An `authorization` header that the caller forwards stands in for a missing key. */
export function bearer(facts: KeyFacts): Authenticator {
  return headerKey('authorization', facts, 'Bearer ');
}

/** Sends the API key, after `prefix`, in the header `name`, given in lower case. */
export function headerKey(name: string, facts: KeyFacts, prefix = ''): Authenticator {
  return (request, credentials) => {
    const key = readApiKey(credentials, facts);
    if (key !== undefined) return { ...request, headers: { ...request.headers, [name]: `${prefix}${key}` } };
    if (facts.needsKey === false || request.headers[name] !== undefined) return request;
    throw missingKey(facts);
  };
}

/** The API key without surrounding space; undefined when there is none. Throws a 401 for a key that no header can carry. */
export function readApiKey(credentials: Credentials, facts: KeyFacts): string | undefined {
  const key = credentials.apiKey?.trim();
  return key === undefined || key === '' ? undefined : checkedSecret(key, `The API key for ${facts.title}`);
}

/** `secret`, unless it holds what no header can carry: a line break, a control or a non-ASCII character. The error does not show it. */
export function checkedSecret(secret: string, what: string): string {
  if (/^[\x20-\x7e]+$/.test(secret)) return secret;
  throw apiError({
    status: 401,
    kind: 'auth',
    type: 'invalid_api_key',
    code: 'invalid_api_key',
    message: `${what} holds a line break, a control or a non-ASCII character. Copy it again, without quotes and line ends.`,
  });
}

/** The error for a call that needs a key and has none. */
export function missingKey({ title, env }: KeyFacts): Error {
  const variables = env.length === 0 ? '' : `, or set the environment variable ${env.join(' or ')}`;
  return apiError({
    status: 401,
    kind: 'auth',
    type: 'missing_api_key',
    code: 'missing_api_key',
    message: `${title} needs an API key. Give the target api_key or virtual_key${variables}.`,
  });
}
