import type { CallOptions } from '../../config/client-options.ts';
import { ConfigError } from '../../core/errors/config-error.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { RequestOptions } from '../../resources/caller.ts';
import { readHeaders } from '../../resources/http/index.ts';
import type { ProviderOptions } from './spec.ts';

/** `providerOptions.modelmux` of a call: Portkey's options of the call, and what else goes into the request. */
export interface ModelmuxCallOptions extends CallOptions {
  /** Members of OpenAI's request body that the AI SDK has no name for: `{ parallel_tool_calls: false }`. They beat what it sets. */
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  /** False: a JSON schema guides the model but need not be strict. Default true. */
  readonly strictJsonSchema?: boolean | undefined;
}

/** What stands beside the body of a call. */
export interface CallSettings {
  readonly call: CallOptions;
  readonly options: RequestOptions;
  /** To be merged over the body. */
  readonly params: JsonObject;
  readonly strictJsonSchema: boolean;
}

/** What of a call's options is read here. */
export interface SdkCall {
  readonly providerOptions?: ProviderOptions | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  readonly abortSignal?: AbortSignal | undefined;
}

/** Reads `providerOptions.modelmux` and `x-portkey-*` headers of a call; the former beat the latter, both beat `standing`. Throws `ConfigError`. */
export function callSettings(
  { providerOptions, headers, abortSignal }: SdkCall,
  standing: CallOptions,
  readOptions: (options: CallOptions) => CallOptions,
): CallSettings {
  const { params = {}, strictJsonSchema = true, ...own } = (providerOptions?.['modelmux'] ?? {}) as ModelmuxCallOptions;
  if (!isJsonObject(params)) throw invalid('params', 'Must be an object such as { "parallel_tool_calls": false }.');
  if (typeof strictJsonSchema !== 'boolean') throw invalid('strictJsonSchema', 'Must be true or false.');
  const read = readHeaders(lowered(headers ?? {}));
  return {
    // Under their canonical names: in two spellings an option would be given twice.
    call: { ...standing, ...read.params, ...readOptions(own) },
    options: { signal: abortSignal ?? null, headers: read.headers },
    params,
    strictJsonSchema,
  };
}

function lowered(headers: Readonly<Record<string, string | undefined>>): readonly (readonly [string, string])[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.toLowerCase(), value] as const],
  );
}

function invalid(option: string, message: string): ConfigError {
  return new ConfigError([{ path: `providerOptions.modelmux.${option}`, message }], 'Invalid options');
}
