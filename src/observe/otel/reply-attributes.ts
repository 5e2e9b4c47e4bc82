import type { Attributes } from '@opentelemetry/api';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Usage } from '../../core/usage.ts';

/** What a reply says of itself, as `gen_ai.response.*`. */
export function replyAttributes(reply: JsonObject | undefined): Attributes {
  if (reply === undefined) return {};
  const reasons = finishReasons(reply);
  return {
    ...(typeof reply.id === 'string' && reply.id !== '' ? { 'gen_ai.response.id': reply.id } : {}),
    ...(typeof reply.model === 'string' && reply.model !== '' ? { 'gen_ai.response.model': reply.model } : {}),
    ...(reasons.length === 0 ? {} : { 'gen_ai.response.finish_reasons': reasons }),
  };
}

/** Of chat choices and completions, of a message, of a response. */
function finishReasons({ choices, stop_reason: stopReason, status, object }: JsonObject): string[] {
  if (Array.isArray(choices)) {
    const reasons = choices.map((choice: unknown) => (isJsonObject(choice) ? choice.finish_reason : undefined));
    return reasons.filter((reason): reason is string => typeof reason === 'string');
  }
  if (typeof stopReason === 'string') return [stopReason];
  return object === 'response' && typeof status === 'string' ? [status] : [];
}

/** Tokens as `gen_ai.usage.*`. */
export function usageAttributes(usage: Usage | undefined): Attributes {
  if (usage === undefined) return {};
  const { promptTokens, completionTokens, cachedTokens, reasoningTokens } = usage;
  return {
    'gen_ai.usage.input_tokens': promptTokens,
    'gen_ai.usage.output_tokens': completionTokens,
    ...(cachedTokens === undefined ? {} : { 'gen_ai.usage.cache_read.input_tokens': cachedTokens }),
    ...(reasoningTokens === undefined ? {} : { 'gen_ai.usage.reasoning.output_tokens': reasoningTokens }),
  };
}

/** The host of an address as `server.*`. */
export function serverAttributes(url: string | undefined): Attributes {
  if (url === undefined || !URL.canParse(url)) return {};
  const { hostname, port, protocol } = new URL(url);
  const standard = protocol === 'https:' ? 443 : 80;
  return { 'server.address': hostname, 'server.port': port === '' ? standard : Number(port) };
}
