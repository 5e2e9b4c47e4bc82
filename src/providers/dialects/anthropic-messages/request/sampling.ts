import type { JsonObject } from '../../../../core/json.ts';
import type { CodecScope } from '../../../../core/provider.ts';
import type { ModelFacts } from '../model-facts.ts';
import { numberIn } from '../values.ts';
import type { Thinking } from './thinking.ts';

/**
 * `temperature`, `top_p` and `top_k` as far as the model takes them: 0 to 1, none of them on the newest models, one of the
 * first two on others, and while thinking only a `top_p` of 0.95 and more. What is left out is reported, unless it is the
 * default anyway. Source: Claude docs, "Thinking: limits and feature compatibility"; Claude API reference.
 */
export function encodeSampling(
  body: JsonObject,
  facts: ModelFacts,
  mode: Thinking['mode'],
  scope: CodecScope,
): JsonObject {
  const given = (['temperature', 'top_p', 'top_k'] as const).flatMap((name) => {
    const value = numberIn(body[name]);
    return value === undefined ? [] : [{ name, value }];
  });
  const kept = given.filter((param) => {
    const why = refusal(param, given, facts, mode);
    const isDefault = param.name !== 'top_k' && param.value === 1;
    if (why !== undefined && !isDefault) scope.drop(param.name, why);
    return why === undefined;
  });
  return Object.fromEntries(kept.map((param) => [param.name, inRange(param, scope)]));
}

interface Param {
  readonly name: 'temperature' | 'top_p' | 'top_k';
  readonly value: number;
}

function refusal(
  { name, value }: Param,
  given: readonly Param[],
  facts: ModelFacts,
  mode: Thinking['mode'],
): string | undefined {
  if (facts.sampling === 'none') return 'This model takes no sampling parameters';
  if (mode !== 'off' && !(name === 'top_p' && value >= 0.95)) return `Not compatible with thinking`;
  const isSecond = name === 'top_p' && given.some((other) => other.name === 'temperature');
  if (isSecond && facts.sampling === 'one' && mode === 'off') return 'This model takes temperature or top_p, not both';
  return undefined;
}

function inRange({ name, value }: Param, scope: CodecScope): number {
  if (name !== 'temperature' || value <= 1) return value;
  scope.drop('temperature', `Anthropic's highest is 1; ${value} is sent as 1`);
  return 1;
}
