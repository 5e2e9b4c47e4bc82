import { apiError } from '../../core/errors/api-error.ts';
import { ConfigError, ConfigNotFoundError } from '../../core/errors/config-error.ts';
import type { ErrorKind } from '../../core/errors/kind.ts';
import { isJsonObject } from '../../core/json.ts';
import { type Clock, systemClock } from '../../core/runtime.ts';
import type { HttpRequest, HttpResponse, Transport } from '../../core/transport.ts';
import { bounded, publicReason } from '../../vault/bounded.ts';
import { checkConfigId } from './config-id.ts';
import type { ConfigSource, FoundConfig } from './config-source.ts';
import { readFound, UnusableConfig } from './read-found.ts';

const rememberedAtMost = 1000;

/**
 * A source over Portkey's Admin API, or a server that speaks it: `GET {baseURL}/configs/{id}` (Portkey API reference, "Retrieve
 * Config"). Asked at every `get`: wrap it in `cachedConfigs`. A server that sends an `ETag` is asked with `If-None-Match`.
 *
 * 404 is "there is none". Any other status but 200, an unreachable or silent server and an answer that is no config
 * reject with `ConfigNotFoundError`; no message repeats what the server said, since it may quote the API key.
 */
export function remoteConfigs(options: RemoteConfigsOptions): ConfigSource {
  const { clock = systemClock, timeoutMs = 10_000, transport } = options;
  const baseUrl = baseUrlOf(options);
  const known = new Map<string, TaggedConfig>();
  return {
    async get(id) {
      checkConfigId(id);
      const before = known.get(id);
      const request = requestFor(`${baseUrl}/configs/${encodeURIComponent(id)}`, options.apiKey, before?.etag);
      try {
        const answer = await bounded(
          async (signal) => readAnswer(await transport.send(request, signal), before),
          timeoutMs,
          clock,
        );
        known.delete(id);
        if (answer?.etag !== undefined) remember(known, id, { etag: answer.etag, found: answer.found });
        return answer?.found;
      } catch (error) {
        throw new ConfigNotFoundError(id, `could not be fetched from ${hostOf(baseUrl)}. ${reasonOf(error)}.`, error);
      }
    },
  };
}

/** How a {@link remoteConfigs} behaves. */
export interface RemoteConfigsOptions {
  /** With the version: `https://api.portkey.ai/v1`. */
  readonly baseURL: string;
  /** Sent as `x-portkey-api-key`. */
  readonly apiKey: string;
  readonly transport: Transport;
  readonly clock?: Clock;
  /** How long the whole answer may take. Default 10 s. */
  readonly timeoutMs?: number;
}

interface TaggedConfig {
  readonly etag: string;
  readonly found: FoundConfig;
}

function baseUrlOf({ baseURL, apiKey }: RemoteConfigsOptions): string {
  const isUrl = URL.canParse(baseURL) && /^https?:[^?#]*$/.test(new URL(baseURL).href);
  const issues = [
    ...(isUrl
      ? []
      : [
          {
            path: 'baseURL',
            message: 'must be an http or https URL without a query, such as https://api.portkey.ai/v1',
          },
        ]),
    ...(/^[\x21-\x7e]+$/.test(apiKey) ? [] : [{ path: 'apiKey', message: 'must be a key that a header can carry' }]),
  ];
  if (issues.length > 0) throw new ConfigError(issues, 'Invalid remote configs');
  return baseURL.replace(/\/+$/, '');
}

/** The server as it may be shown: a URL may hold a password. */
function hostOf(baseUrl: string): string {
  return new URL(baseUrl).host;
}

function requestFor(url: string, apiKey: string, etag: string | undefined): HttpRequest {
  return {
    method: 'GET',
    url,
    headers: {
      accept: 'application/json',
      'x-portkey-api-key': apiKey,
      ...(etag === undefined ? {} : { 'if-none-match': etag }),
    },
  };
}

/** The config and its tag; undefined for 404. */
async function readAnswer(response: HttpResponse, before: TaggedConfig | undefined) {
  const { status, headers, body } = response;
  if (status === 200) return { found: readBody(await body.text(), headers['etag']), etag: headers['etag'] };
  body.cancel();
  if (status === 404) return undefined;
  if (status === 304 && before !== undefined) return before;
  throw apiError({ status, kind: kindOf(status), message: 'from the config server' });
}

function readBody(body: string, etag: string | undefined): FoundConfig {
  const answer = unwrap(body);
  if (!isJsonObject(answer) || answer['config'] === undefined) {
    throw new UnusableConfig('is no JSON object with a member "config"');
  }
  const found = readFound(answer);
  return found.version === undefined && etag !== undefined ? { ...found, version: etag } : found;
}

/** The answer itself, also out of `{success, data}`. */
function unwrap(body: string): unknown {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    // The parser's error quotes the body, which may hold keys: it must not become the cause.
    throw new UnusableConfig('is not JSON');
  }
  if (!isJsonObject(answer) || answer['success'] === undefined) return answer;
  if (answer['success'] !== true) throw new UnusableConfig('says that the lookup failed ("success" is not true)');
  return answer['data'];
}

function kindOf(status: number): ErrorKind {
  if (status === 401 || status === 403) return 'auth';
  if (status === 429) return 'rate_limit';
  return status >= 500 ? 'server' : 'invalid_request';
}

function reasonOf(error: unknown): string {
  if (error instanceof UnusableConfig) return `The answer ${error.message}`;
  const { status } = error as { status?: unknown };
  if (status === 401 || status === 403) return `It answered ${status}: check the API key`;
  return typeof status === 'number' ? `It answered ${status}` : `The request failed: ${publicReason(error)}`;
}

function remember(known: Map<string, TaggedConfig>, id: string, tagged: TaggedConfig): void {
  known.set(id, tagged);
  const [oldest] = known.keys();
  if (known.size > rememberedAtMost && oldest !== undefined) known.delete(oldest);
}
