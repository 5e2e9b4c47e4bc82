import type { Endpoint } from '../../core/endpoint.ts';
import { apiError } from '../../core/errors/api-error.ts';
import type { Codec, Dialect, Provider } from '../../core/provider.ts';

/** How `provider` serves `endpoint`. Throws a 404 `not_found` error where it does not. */
export function codecFor(provider: Provider, endpoint: Endpoint): { readonly codec: Codec; readonly dialect: Dialect } {
  const { dialect } = provider;
  const codec =
    provider.endpoints === undefined || provider.endpoints.includes(endpoint) ? dialect.codecs[endpoint] : undefined;
  if (codec === undefined) {
    const served = (provider.endpoints ?? Object.keys(dialect.codecs)).join(', ');
    throw apiError({
      status: 404,
      kind: 'not_found',
      type: 'unsupported_endpoint',
      code: 'unsupported_endpoint',
      message: `${provider.title} does not serve ${endpoint}. It serves: ${served}.`,
    });
  }
  return { codec, dialect };
}
