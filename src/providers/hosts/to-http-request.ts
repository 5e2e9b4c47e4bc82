import type { Provider, ProviderTarget, WireRequest } from '../../core/provider.ts';
import type { HttpRequest } from '../../core/transport.ts';
import { joinBaseUrl } from './base-url.ts';
import { customHostOf } from './settings.ts';

/**
 * The request as it goes to `provider`, all but authentication: address rewritten, base URL (the setting `customHost` beats the
 * provider's own) and query joined, body encoded. A query name already in the URL is kept.
 */
export function toHttpRequest(provider: Provider, wire: WireRequest, target: ProviderTarget): HttpRequest {
  const { method = 'POST', path, query, headers, body } = provider.address?.(wire, target) ?? wire;
  const officialBase = typeof provider.baseUrl === 'string' ? provider.baseUrl : provider.baseUrl(target);
  const url = withQuery(joinBaseUrl(customHostOf(target.settings), officialBase, path), query);
  if (body === undefined) return { method, url, headers: { ...headers } };
  // A form's content type holds its boundary, which only fetch knows.
  if (body instanceof FormData) return { method, url, headers: { ...headers }, body };
  if (body instanceof Uint8Array) {
    return { method, url, headers: { 'content-type': 'application/octet-stream', ...headers }, body };
  }
  return { method, url, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

function withQuery(url: string, query: WireRequest['query']): string {
  if (query === undefined) return url;
  const [location = '', given = ''] = url.split('?');
  const params = new URLSearchParams(given);
  for (const [name, value] of Object.entries(query)) if (!params.has(name)) params.append(name, value);
  return params.size === 0 ? location : `${location}?${params}`;
}
