import { TranslationError } from '../../core/errors/reply-errors.ts';

/** The URL of `path` at the user's `customHost`, else at the provider's own base. A version that ends the base and begins the path stands once. */
export function joinBaseUrl(customHost: string | undefined, officialBase: string, path: string): string {
  const { location, version, query } = baseOf(customHost, officialBase);
  const doubled = version !== undefined && path.startsWith(`${version}/`);
  const url = `${location}${doubled ? path.slice(version.length) : path}`;
  return query === undefined ? url : `${url}${path.includes('?') ? '&' : '?'}${query}`;
}

/** A base URL, taken apart. */
interface Base {
  readonly location: string;
  /** What ends the location, such as `/v1`. */
  readonly version: string | undefined;
  readonly query: string | undefined;
}

const maxKnown = 500;
const known = new Map<string, Base>();

/** Remembers the latest ones: a client keeps asking the same few, and reading a URL costs more than all else here. */
function baseOf(customHost: string | undefined, officialBase: string): Base {
  const key = customHost === undefined ? officialBase : `${officialBase} ${customHost}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const base = takeApart(customHost === undefined ? officialBase : toBaseUrl(customHost, officialBase));
  if (known.size >= maxKnown) known.clear();
  known.set(key, base);
  return base;
}

function takeApart(base: string): Base {
  const [location = '', query] = base.split('?');
  const version = versions(location).find(({ index, 0: text }) => index + text.length === location.length)?.[0];
  return { location, version, query };
}

/**
 * The base URL that a user means by `customHost`, without a trailing slash. It replaces the official base; where it names no
 * version, the official one's tail from its version on is added (the whole path where that has none). A custom host that is the
 * beginning of the official base means the official base. Throws `TranslationError` for what is no http(s) URL.
 */
export function toBaseUrl(customHost: string, officialBase: string): string {
  const { origin, pathname, search } = parseHost(customHost);
  const given = `${origin}${pathname.replace(/\/+$/, '')}`;
  if (`${officialBase}/`.startsWith(`${given}/`)) return officialBase + search;
  const tail = tailOf(new URL(officialBase).pathname.replace(/\/+$/, ''));
  const complete = versions(pathname).length > 0 || given.endsWith(tail);
  return `${given}${complete ? '' : tail}${search}`;
}

function parseHost(customHost: string): URL {
  const url = URL.parse(customHost.trim());
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new TranslationError(
      'custom_host',
      `custom_host must be a URL such as "http://localhost:8080/v1", not "${customHost}".`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new TranslationError(
      'custom_host',
      'custom_host must not hold a user name or password. Send them in a header.',
    );
  }
  return url;
}

/** `/v1/openai` of `/v1/openai`, `/v4` of `/api/paas/v4`, `/openai` of `/openai`. */
function tailOf(pathname: string): string {
  const last = versions(pathname).at(-1);
  return last === undefined ? pathname : pathname.slice(last.index);
}

function versions(pathname: string): RegExpExecArray[] {
  return [...pathname.matchAll(/\/v\d+(?:(?:alpha|beta)\d*)?(?=\/|$)/gi)];
}
