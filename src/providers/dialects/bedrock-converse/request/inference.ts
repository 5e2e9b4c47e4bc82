import type { JsonObject } from '../../../../core/json.ts';
import { encodeSampling } from '../../anthropic-messages/request/sampling.ts';
import { asList, asNumber, present } from '../../shared/lenient.ts';
import type { Encoding } from './encoding.ts';
import type { Reasoning } from './reasoning.ts';

/** Limits and sampling, in Converse's places. */
export interface Inference {
  /** `inferenceConfig` */
  readonly config: JsonObject;
  /** For `additionalModelRequestFields`. */
  readonly fields: JsonObject;
}

/**
 * `max_completion_tokens` (else `max_tokens`), `temperature`, `top_p`, `top_k` and `stop`. Without a limit the model's own
 * highest holds. What the model does not take beside its reasoning is reported. Source: Bedrock API reference,
 * "InferenceConfiguration".
 */
export function encodeInference(body: JsonObject, reasoning: Reasoning, encoding: Encoding): Inference {
  const sampling = encodeAnySampling(body, reasoning, encoding);
  const maxTokens = asNumber(body.max_completion_tokens) ?? asNumber(body.max_tokens);
  const config = present({
    maxTokens: reasoning.isUnlimited ? undefined : maxTokens,
    temperature: sampling.temperature,
    topP: sampling.top_p,
    stopSequences: stopSequences(body.stop),
  });
  if (reasoning.isUnlimited && maxTokens !== undefined) {
    encoding.scope.drop(body.max_completion_tokens == null ? 'max_tokens' : 'max_completion_tokens', highEffort);
  }
  return { config, fields: topKField(sampling.top_k, encoding) };
}

const highEffort = 'Amazon Nova takes neither limit nor sampling at high reasoning effort';

function encodeAnySampling(body: JsonObject, reasoning: Reasoning, { scope, traits }: Encoding): JsonObject {
  if (traits.claude !== undefined) return encodeSampling(body, traits.claude, reasoning.mode, scope);
  const given = present({
    temperature: asNumber(body.temperature),
    top_p: asNumber(body.top_p),
    top_k: asNumber(body.top_k),
  });
  if (reasoning.isUnlimited) {
    for (const name of Object.keys(given)) scope.drop(name, highEffort);
    return {};
  }
  const temperature = asNumber(given.temperature);
  if (temperature === undefined || temperature <= 1) return given;
  scope.drop('temperature', `The highest on Bedrock is 1; ${temperature} is sent as 1`);
  return { ...given, temperature: 1 };
}

function topKField(topK: unknown, { scope, traits }: Encoding): JsonObject {
  if (topK === undefined) return {};
  if (traits.topK === undefined) {
    scope.drop('top_k', 'This model takes no top_k on Bedrock');
    return {};
  }
  const [name = 'top_k', ...outer] = traits.topK.toReversed();
  return outer.reduce<JsonObject>((inner, member) => ({ [member]: inner }), { [name]: topK });
}

function stopSequences(stop: unknown): readonly string[] | undefined {
  const all = typeof stop === 'string' ? [stop] : asList(stop);
  const sequences = all.filter((sequence): sequence is string => typeof sequence === 'string' && sequence !== '');
  return sequences.length > 0 ? sequences : undefined;
}
