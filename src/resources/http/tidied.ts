import { describesOldBody } from '../response-headers.ts';

/** Cookies, sharing rules and transport of the provider's site say nothing about our response. */
const ofTheSite =
  /^(?:set-cookie|connection|keep-alive|trailer|upgrade|alt-svc|strict-transport-security|access-control-.*|proxy-.*|nel|report-to|server-timing|server|date|vary|via)$/;

const verdictsKept = 1000;
const verdicts = new Map<string, boolean>();

/** Is this header of a provider left out of our response? Providers send the same few dozen names again and again. */
export function isLeftOut(name: string): boolean {
  const known = verdicts.get(name);
  if (known !== undefined) return known;
  const verdict = describesOldBody(name) || ofTheSite.test(name);
  if (verdicts.size >= verdictsKept) verdicts.clear();
  verdicts.set(name, verdict);
  return verdict;
}

/** `headers` without those of the provider's site; ours is the request ID where the provider gave none. */
export function tidied(headers: Record<string, string>, requestId: string | undefined): Record<string, string> {
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !isLeftOut(name)));
  return withRequestId(kept, requestId);
}

/** The request ID, ours where the provider gave none, under OpenAI's name and Anthropic's. */
export function withRequestId(headers: Record<string, string>, requestId: string | undefined): Record<string, string> {
  const known = headers['x-request-id'] ?? headers['request-id'] ?? requestId;
  if (known === undefined) return headers;
  headers['x-request-id'] = known;
  headers['request-id'] = known;
  return headers;
}
