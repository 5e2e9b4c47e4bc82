/** Request headers, names in lower case. */
export type RequestHeaders = Readonly<Record<string, string>>;

/** Request headers by what they are about. */
export interface HeaderSplit {
  /** Portkey's headers that say where a request goes: the same for many requests. */
  readonly routing: readonly (readonly [string, string])[];
  /** The same as one text: equal texts route alike. */
  readonly routingText: string;
  /** All others: about this request alone. */
  readonly others: readonly (readonly [string, string])[];
}

const prefix = 'x-portkey-';

/** Of Portkey's headers those that are about one request, or that change nothing. */
const ofOneRequest: ReadonlySet<string> = new Set(
  [
    'api-key',
    'trace-id',
    'span-id',
    'span-name',
    'parent-span-id',
    'metadata',
    'debug',
    'cache-force-refresh',
    'cache-namespace',
    'cache-refresh',
    'package-version',
    'runtime',
    'runtime-version',
  ].map((name) => prefix + name),
);

/** Parts the headers of a request. */
export function splitHeaders(headers: RequestHeaders): HeaderSplit {
  const routing: (readonly [string, string])[] = [];
  const others: (readonly [string, string])[] = [];
  let routingText = '';
  for (const name in headers) {
    const value = headers[name];
    if (typeof value !== 'string') continue;
    if (name.startsWith(prefix) && !ofOneRequest.has(name)) {
      routing.push([name, value]);
      routingText += `${name}:${value}\n`;
    } else others.push([name, value]);
  }
  return { routing, routingText, others };
}
