/** Cookies, sharing rules and transport of the provider's site say nothing about our response. */
const ofTheSite =
  /^(?:set-cookie|connection|keep-alive|trailer|upgrade|alt-svc|strict-transport-security|access-control-.*|proxy-.*|nel|report-to|server-timing|server|date|vary|via)$/;

/** `headers` without those of the provider's site, the request ID (ours where the provider gave none) under OpenAI's name and Anthropic's. */
export function tidied(headers: Record<string, string>, requestId: string | undefined): Record<string, string> {
  for (const name of Object.keys(headers)) if (ofTheSite.test(name)) delete headers[name];
  const known = headers['x-request-id'] ?? headers['request-id'] ?? requestId;
  if (known === undefined) return headers;
  headers['x-request-id'] = known;
  headers['request-id'] = known;
  return headers;
}
