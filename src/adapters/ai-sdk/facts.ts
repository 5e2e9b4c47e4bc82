import type { JsonObject } from '../../core/json.ts';
import type { ServedReply } from '../../resources/served-reply.ts';
import type { GenerateResult, ProviderMetadata } from './spec.ts';

type JsonMetadata = ProviderMetadata[string];

/** `providerMetadata.modelmux`: trace ID, who answered, and every attempt. */
export function servedMetadata({ reply, traceId, requestId, attempts }: ServedReply): ProviderMetadata {
  const { target, retries, cache } = reply;
  const told = {
    traceId,
    requestId,
    provider: target.provider,
    target: target.path,
    retries,
    cacheStatus: cache,
    // A round trip leaves out what is undefined, which metadata cannot carry.
    attempts: JSON.parse(JSON.stringify(attempts)),
  };
  return { modelmux: told as JsonMetadata };
}

/** ID, time and model as the provider told them. */
export function responseFacts({ id, created, model }: JsonObject): NonNullable<GenerateResult['response']> {
  return {
    ...(typeof id === 'string' && id !== '' ? { id } : {}),
    ...(typeof created === 'number' && created > 0 ? { timestamp: new Date(created * 1000) } : {}),
    ...(typeof model === 'string' && model !== '' ? { modelId: model } : {}),
  };
}

/** The provider's response headers and ours. */
export function servedHeadersOf({ reply, headers }: ServedReply): Record<string, string> {
  return { ...reply.headers, ...headers };
}
