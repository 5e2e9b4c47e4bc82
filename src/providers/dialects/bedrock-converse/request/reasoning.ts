import type { JsonObject } from '../../../../core/json.ts';
import type { CodecScope } from '../../../../core/provider.ts';
import type { ModelFacts } from '../../anthropic-messages/model-facts.ts';
import { encodeThinking } from '../../anthropic-messages/request/thinking.ts';
import { asNumber, asText } from '../../shared/lenient.ts';
import type { Encoding } from './encoding.ts';

/** What a request says about reasoning, in Converse's places. */
export interface Reasoning {
  /** For `additionalModelRequestFields`. */
  readonly fields: JsonObject;
  /** For `outputConfig.effort`. */
  readonly effort?: string;
  /** How a Claude model thinks in this call: `budget` rules out forced tools, both restrict sampling. */
  readonly mode: 'off' | 'budget' | 'adaptive';
  /** Whether the request must leave out the output limit and all sampling: Amazon Nova at high effort. */
  readonly isUnlimited: boolean;
}

/**
 * `thinking` and `reasoning_effort` as the model's family takes them; reported where it has no such control. Sources:
 * Amazon Bedrock User Guide, "Enhance model responses with model reasoning" and "OpenAI models"; Amazon Nova 2 User
 * Guide, "Using reasoning".
 */
export function encodeReasoning(body: JsonObject, { scope, traits }: Encoding): Reasoning {
  if (traits.claude !== undefined) return claudeReasoning(body, traits.claude, scope);
  const asked = asText(body.reasoning_effort);
  const native = body.thinking ?? undefined;
  // A model that is not known may be Claude: what the caller says in Claude's words is for it.
  if (traits.effort === 'unknown' && native !== undefined) return { ...nothing, fields: { thinking: native } };
  if (native !== undefined) scope.drop('thinking', 'This model takes no thinking settings of this form');
  return asked === undefined ? nothing : effortFields[traits.effort](asked, scope);
}

const nothing: Reasoning = { fields: {}, mode: 'off', isUnlimited: false };

function claudeReasoning(body: JsonObject, facts: ModelFacts, scope: CodecScope): Reasoning {
  const limit = asNumber(body.max_completion_tokens) ?? asNumber(body.max_tokens) ?? facts.maxOutputTokens;
  const { thinking, effort, mode } = encodeThinking(body, facts, limit, scope);
  return {
    ...nothing,
    fields: thinking === undefined ? {} : { thinking },
    mode,
    ...(effort === undefined ? {} : { effort }),
  };
}

type EffortEncoder = (asked: string, scope: CodecScope) => Reasoning;

function refusing(why: string): EffortEncoder {
  return (asked, scope) => {
    if (asked !== 'none') scope.drop('reasoning_effort', why);
    return nothing;
  };
}

const effortFields: Readonly<Record<Encoding['traits']['effort'], EffortEncoder>> = {
  none: refusing('This model has no control of its reasoning on Bedrock'),
  claude: refusing('This model does not think'),
  unknown: refusing('The model behind this ID is not known: name it in aws_bedrock_model'),
  nova(asked, scope) {
    if (asked === 'none') return { ...nothing, fields: { reasoningConfig: { type: 'disabled' } } };
    const effort = nearest(asked, ['low', 'medium', 'high'], scope);
    const fields = { reasoningConfig: { type: 'enabled', maxReasoningEffort: effort } };
    return { ...nothing, fields, isUnlimited: effort === 'high' };
  },
  flat(asked, scope) {
    return { ...nothing, fields: { reasoning_effort: nearest(asked, ['low', 'medium', 'high'], scope) } };
  },
  nested(asked, scope) {
    const effort = nearest(asked, ['none', 'low', 'medium', 'high', 'xhigh', 'max'], scope);
    return { ...nothing, fields: { reasoning: { effort } } };
  },
};

const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** The greatest of `known` that is not above `asked`, else the least. Reported when it is another one, save `minimal` for `low`. */
function nearest(asked: string, known: readonly string[], scope: CodecScope): string {
  const rank = efforts.indexOf(asked === 'minimal' ? 'low' : asked);
  const effort = known.findLast((level) => efforts.indexOf(level) <= rank) ?? known[0] ?? 'low';
  if (effort !== asked && asked !== 'minimal') {
    scope.drop('reasoning_effort', `${asked} is not an effort of this model; ${effort} is asked for instead`);
  }
  return effort;
}
