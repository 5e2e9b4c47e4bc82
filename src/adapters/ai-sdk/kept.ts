import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { ProviderMetadata, ProviderOptions } from './spec.ts';

/** What a provider wants back unchanged beside a part of its answer: signed thoughts, signatures of texts and tool calls. */
export interface Kept {
  readonly thinkingBlocks?: readonly JsonObject[];
  readonly extraContent?: JsonObject;
}

/** As metadata of a part, which the AI SDK hands back with the part; undefined where there is nothing to keep. */
export function keep(kept: Kept): { readonly providerMetadata?: ProviderMetadata } {
  const filled = Object.entries(kept).filter(([, value]) => value !== undefined);
  return filled.length === 0 ? {} : { providerMetadata: { modelmux: Object.fromEntries(filled) } };
}

/** What {@link keep} put beside a part of an earlier answer. */
export function keptIn(options: ProviderOptions | undefined): Kept {
  const { thinkingBlocks, extraContent } = options?.['modelmux'] ?? {};
  return {
    ...(Array.isArray(thinkingBlocks) ? { thinkingBlocks: thinkingBlocks.filter(isJsonObject) } : {}),
    ...(isJsonObject(extraContent) ? { extraContent } : {}),
  };
}

/** The mark of a prefix worth caching, in Anthropic's words: `providerOptions: { anthropic: { cacheControl } }`, or under `modelmux`. */
export function cacheControlIn(options: ProviderOptions | undefined): JsonObject | undefined {
  const given = options?.['modelmux']?.['cacheControl'] ?? options?.['anthropic']?.['cacheControl'];
  return isJsonObject(given) ? given : undefined;
}
