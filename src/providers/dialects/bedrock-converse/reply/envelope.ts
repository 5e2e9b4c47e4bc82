import type { JsonObject } from '../../../../core/json.ts';
import type { CodecScope } from '../../../../core/provider.ts';
import { asObject, asText, present } from '../../shared/lenient.ts';

/** What is true of the whole reply: OpenAI's `service_tier`, and Converse's own facts where the caller asked for more than OpenAI's fields. */
export function extrasOf(reply: JsonObject, scope: CodecScope): JsonObject {
  const { metrics, trace, performanceConfig, additionalModelResponseFields } = reply;
  return present({
    service_tier: asText(asObject(reply.serviceTier).type),
    ...(scope.strict ? {} : { metrics, trace, performanceConfig, additionalModelResponseFields }),
  });
}
