import { InvalidRequestError } from '../core/errors/request-errors.ts';

/** `/files/file-1/content`: `parts` are a collection, the ID of an object in it, and what is asked of that. Throws `InvalidRequestError` for an ID that is none. */
export function objectPath(collection: string, id: unknown, below?: string): string {
  if (typeof id !== 'string' || /^\.{0,2}$/.test(id))
    throw new InvalidRequestError('id', `An ID of ${collection} must be a text that is not empty, not ${shown(id)}.`);
  return `/${collection}/${encodeURIComponent(id)}${below === undefined ? '' : `/${below}`}`;
}

/**
 * A path below a provider's base URL, as the caller gave it, a query included. It can leave neither host nor base: throws
 * `InvalidRequestError` for anything but `/…` without `..`.
 */
export function providerPath(path: unknown): string {
  const problem = typeof path === 'string' ? problemOf(path) : 'is not a text';
  if (problem === undefined) return path as string;
  throw new InvalidRequestError(
    'path',
    `The path ${shown(path)} ${problem}. Give one below the provider's base URL, such as "/fine_tuning/jobs?limit=2".`,
  );
}

function problemOf(path: string): string | undefined {
  if (!path.startsWith('/')) return 'does not begin with "/"';
  if (path.startsWith('//')) return 'names a host';
  // A URL parser takes a backslash for a slash and passes over line breaks and tabs.
  if (/[\\#\s\p{Cc}]/u.test(path)) return 'holds a backslash, a "#", a space or a control character';
  const segments = (path.split('?')[0] ?? '').split('/');
  return segments.some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment)) ? 'holds "." or ".."' : undefined;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
