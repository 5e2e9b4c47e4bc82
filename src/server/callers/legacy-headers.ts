import type { CallOptions } from '../../config/client-options.ts';
import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';

type Pairs = readonly (readonly [string, string])[];

/** Portkey's headers of before mid-2024, apart from the others. */
export interface LegacyReading {
  readonly others: Pairs;
  /** The provider of `x-portkey-mode: proxy openai`. */
  readonly provider?: string;
  /** `x-portkey-retry-count` and `x-portkey-cache` as keys of a config. */
  readonly config: JsonObject;
}

const modeName = 'x-portkey-mode';
const retryName = 'x-portkey-retry-count';
const cacheName = 'x-portkey-cache';

/** Takes the headers of Portkey's first API out of `headers`. Throws `InvalidRequestError` for values that they never had. */
export function readLegacyHeaders(headers: Pairs): LegacyReading {
  const given = new Map(headers);
  const [mode, retry, cache] = [given.get(modeName), given.get(retryName), given.get(cacheName)];
  if (mode === undefined && retry === undefined && cache === undefined) return { others: headers, config: {} };
  const others = headers.filter(([name]) => name !== modeName && name !== retryName && name !== cacheName);
  return {
    others,
    ...(mode === undefined ? {} : { provider: providerOf(mode) }),
    config: {
      ...(retry === undefined ? {} : { retry: { attempts: attemptsOf(retry) } }),
      ...(cache === undefined ? {} : { cache: { mode: cache } }),
    },
  };
}

/** `legacy` under what a config says itself. A config that is only named cannot be added to: throws `InvalidRequestError`. */
export function underConfig(legacy: JsonObject, config: CallOptions['config']): CallOptions['config'] {
  if (Object.keys(legacy).length === 0) return config;
  if (config === undefined) return legacy;
  if (isJsonObject(config)) return { ...legacy, ...config };
  throw new InvalidRequestError(
    retryName,
    `${retryName} and ${cacheName} add nothing to a config that is named by its ID.`,
  );
}

function providerOf(mode: string): string {
  const provider = /^proxy\s+(\S+)$/.exec(mode)?.[1];
  if (provider !== undefined) return provider;
  throw new InvalidRequestError(modeName, `${modeName} must name a provider, as in "proxy openai".`);
}

function attemptsOf(text: string): number {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  throw new InvalidRequestError(retryName, `${retryName} must be a small whole number.`);
}
