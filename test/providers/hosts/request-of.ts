import { Credentials, type Settings } from '../../../src/core/credentials.ts';
import { loadedDialect } from '../../../src/core/dialect-parts.ts';
import type { Endpoint } from '../../../src/core/endpoint.ts';
import type { ModelRequest } from '../../../src/core/handler.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { CodecScope, Provider } from '../../../src/core/provider.ts';
import type { HttpRequest } from '../../../src/core/transport.ts';
import { findProvider } from '../../../src/providers/hosts/index.ts';
import { toHttpRequest } from '../../../src/providers/hosts/to-http-request.ts';

/** What a test may say of one call; the rest is a chat of `m` with the key `key`. */
export interface Call {
  readonly endpoint?: Endpoint;
  readonly body?: JsonObject;
  readonly model?: string;
  readonly settings?: Settings;
  readonly apiKey?: string | undefined;
  readonly path?: string;
  readonly method?: string;
  /** Parameters reported as dropped are put here. */
  readonly dropped?: string[];
}

/** The request that `provider`, or the provider of that name, would send, by the pure functions in the leaf's order. */
export async function requestOf(provider: string | Provider, call: Call = {}): Promise<HttpRequest> {
  const host = typeof provider === 'string' ? findProvider(provider)! : provider;
  const { endpoint = 'chat/completions', settings = {}, path, method } = call;
  const body = call.body ?? { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
  const request: ModelRequest = { endpoint, body, ...(path && { path }), ...(method && { method }) };
  const model = call.model ?? (typeof body['model'] === 'string' ? body['model'] : '');
  const scope: CodecScope = {
    request,
    model,
    stream: false,
    strict: true,
    settings,
    now: () => 0,
    id: () => 'id',
    drop: (param) => void call.dropped?.push(param),
  };
  const wire = (await loadedDialect(host.dialect)).codecs[endpoint]!.encode(host.adapt?.(body, scope) ?? body, scope);
  const apiKey = 'apiKey' in call ? call.apiKey : 'key';
  const credentials = new Credentials({ provider: host.name, apiKey, settings });
  const target = { endpoint, model, stream: false, settings, credentials };
  const transport = { send: () => Promise.reject(new Error('no network here')) };
  return host.authenticate(toHttpRequest(host, wire, target), credentials, {
    transport,
    now: () => 0,
    signal: new AbortController().signal,
  });
}
