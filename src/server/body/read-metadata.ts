import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { checkedJson } from './checked-json.ts';

/** Where the facts of a request come from. */
export interface MetadataSources {
  /** `x-portkey-metadata`: a JSON object. */
  readonly header: string | undefined;
  /** W3C Baggage; loses to the header. */
  readonly baggage: string | undefined;
  /** `user` of the body, which is `_user` where nothing else says it. */
  readonly user: unknown;
  readonly maxDepth: number;
}

/** The metadata of a request, values as text. Throws `InvalidRequestError` for what is no JSON object, and for control characters. */
export function readMetadata({ header, baggage, user, maxDepth }: MetadataSources): Readonly<Record<string, string>> {
  if (header === undefined && baggage === undefined && typeof user !== 'string') return none;
  const given = header === undefined ? {} : checkedJson(header, { param: name, what: name, maxDepth });
  return Object.fromEntries([
    ...(typeof user === 'string' ? [['_user', user] as const] : []),
    ...(baggage === undefined ? [] : baggageEntries(baggage)),
    ...texts(given),
  ]);
}

const name = 'x-portkey-metadata';
const none: Readonly<Record<string, string>> = {};

function texts(metadata: JsonObject): readonly (readonly [string, string])[] {
  return Object.entries(metadata).map(([key, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (/\p{Cc}/u.test(key + text)) {
      throw new InvalidRequestError(name, `${name} holds a control character at ${JSON.stringify(key)}.`);
    }
    return [key, text] as const;
  });
}

/** W3C Baggage, section 3.3: `key=value;property`, the value percent-encoded. What cannot be read is passed over, as it says. */
function baggageEntries(baggage: string): readonly (readonly [string, string])[] {
  return baggage.split(',').flatMap((member) => {
    const [pair = ''] = member.split(';');
    const at = pair.indexOf('=');
    const key = pair.slice(0, at).trim();
    const value = decoded(pair.slice(at + 1).trim());
    return at < 1 || key === '' || value === undefined || /\p{Cc}/u.test(value) ? [] : [[key, value] as const];
  });
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
