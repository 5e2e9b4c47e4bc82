import { TranslationError } from '../../core/errors/index.ts';
import type { HttpRequest } from '../../core/transport.ts';

/** A request with its URL taken apart, on its way out. */
export interface Outgoing {
  readonly request: HttpRequest;
  /** Upper case. */
  readonly method: string;
  readonly address: Address;
  readonly signal: AbortSignal;
}

/** The parts of a URL that a connection needs. */
export interface Address {
  /** Scheme, host and port: `https://api.openai.com`. */
  readonly origin: string;
  /** Path and query, percent-encoded; begins with `/`. */
  readonly path: string;
  /** Host and port. All of a URL that may appear in a message: path and query can hold a key. */
  readonly host: string;
}

/** Takes a request's URL apart. Throws `TranslationError` for a URL that is no address of an HTTP server. */
export function toOutgoing(request: HttpRequest, signal: AbortSignal): Outgoing {
  return { request, method: request.method.toUpperCase(), address: toAddress(request.url), signal };
}

const maxKnown = 500;
const known = new Map<string, Address>();

/** The parts of `url`, its fragment dropped. Remembers the latest ones: a client keeps asking the same few. */
export function toAddress(url: string): Address {
  const found = known.get(url);
  if (found !== undefined) return found;
  const address = parseAddress(url);
  if (known.size >= maxKnown) known.clear();
  known.set(url, address);
  return address;
}

function parseAddress(url: string): Address {
  if (!URL.canParse(url)) {
    throw new TranslationError(
      'url',
      'The request URL is not a URL. Give a base URL such as "https://api.example.com/v1".',
    );
  }
  const { protocol, origin, host, pathname, search, username, password } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') {
    throw new TranslationError(
      'url',
      `A request to "${protocol}" cannot be sent. Give a URL that begins with https:// or http://.`,
    );
  }
  if (username !== '' || password !== '') {
    throw new TranslationError(
      'url',
      `The URL of ${host} holds a user name or password. Send credentials in a header instead.`,
    );
  }
  return { origin, path: pathname + search, host };
}
