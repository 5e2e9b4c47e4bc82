import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import type { CodecScope } from '../../../../core/provider.ts';
import { type Effort, effortLevels, type ModelFacts } from '../model-facts.ts';
import { lookup, numberIn, objectsIn, stringOr } from '../values.ts';

/** What a request says about thinking. */
export interface Thinking {
  /** Anthropic's `thinking`; absent leaves the model's default. */
  readonly thinking?: JsonObject;
  /** For `output_config.effort`. */
  readonly effort?: Effort;
  /** Whether, and how, this request asks for thinking: `budget` rules out forced tools, both restrict sampling. */
  readonly mode: 'off' | 'budget' | 'adaptive';
}

/**
 * Thinking from Anthropic's `thinking`, which passes as it is, or OpenAI's `reasoning_effort`: adaptive with an effort
 * where the model has that, else a budget below `maxTokens`. `none` and `minimal` are the least the model can do.
 * Source: Claude docs, "Thinking: configuring thinking", "Extended thinking: budget rules and tuning", "Effort".
 */
export function encodeThinking(body: JsonObject, facts: ModelFacts, maxTokens: number, scope: CodecScope): Thinking {
  const asked = askedEffort(body, scope);
  const native = body['thinking'];
  if (isJsonObject(native)) return nativeThinking(native, asked, facts, scope);
  if (asked === undefined) return { mode: 'off' };
  if (asked === 'none') return withoutThinking(facts, scope);
  if (facts.thinking === 'adaptive') {
    return { thinking: { type: 'adaptive' }, mode: 'adaptive', ...nearestEffort(asked, facts, scope) };
  }
  if (facts.thinking === 'budget') return budgetThinking(asked, body, maxTokens, scope);
  return refuse('This model does not think', scope);
}

/** Anthropic's least budget. Source: Claude docs, "Extended thinking". */
const leastBudget = 1024;

// The least for simple tasks, 16k for complex ones, 32k where the documentation begins to recommend batches.
const budgetOfEffort: Readonly<Record<string, number>> = {
  minimal: leastBudget,
  low: 2048,
  medium: 8192,
  high: 16_384,
  xhigh: 32_000,
  max: 32_000,
};

function askedEffort(body: JsonObject, scope: CodecScope): string | undefined {
  const asked = body['reasoning_effort'];
  if (typeof asked !== 'string') return undefined;
  const config = body['output_config'];
  if (!isJsonObject(config) || typeof config['effort'] !== 'string') return asked;
  scope.drop('reasoning_effort', 'output_config.effort is set as well and wins');
  return undefined;
}

function refuse(why: string, scope: CodecScope): Thinking {
  scope.drop('reasoning_effort', why);
  return { mode: 'off' };
}

function nativeThinking(native: JsonObject, asked: string | undefined, facts: ModelFacts, scope: CodecScope): Thinking {
  const mode = native['type'] === 'enabled' ? 'budget' : native['type'] === 'adaptive' ? 'adaptive' : 'off';
  if (asked === undefined) return { thinking: native, mode };
  if (asked !== 'none' && facts.effort.length > 0) {
    return { thinking: native, mode, ...nearestEffort(asked, facts, scope) };
  }
  scope.drop('reasoning_effort', 'thinking is set as well and wins');
  return { thinking: native, mode };
}

function withoutThinking(facts: ModelFacts, scope: CodecScope): Thinking {
  switch (facts.thinkingOff) {
    case 'omit':
      return { mode: 'off' };
    case 'never':
      scope.drop('reasoning_effort', 'This model always thinks; the lowest effort is asked for instead');
      return { mode: 'adaptive', ...(facts.effort.includes('low') ? { effort: 'low' as const } : {}) };
    default:
      return { thinking: { type: facts.thinkingOff }, mode: 'off' };
  }
}

function nearestEffort(asked: string, facts: ModelFacts, scope: CodecScope): { readonly effort?: Effort } {
  const wanted = asked === 'minimal' ? 'low' : asked;
  const rank = (effortLevels as readonly string[]).indexOf(wanted);
  const nearest = facts.effort.findLast((level) => effortLevels.indexOf(level) <= rank);
  if (nearest !== wanted) {
    scope.drop(
      'reasoning_effort',
      `${asked} is not an effort of this model; ${nearest ?? 'its default'} is asked for instead`,
    );
  }
  return nearest === undefined ? {} : { effort: nearest };
}

function budgetThinking(asked: string, body: JsonObject, maxTokens: number, scope: CodecScope): Thinking {
  const wanted = lookup(budgetOfEffort, asked);
  if (wanted === undefined) return refuse(`${asked} is not a known effort`, scope);
  if (isInUnthoughtToolLoop(body)) {
    return refuse('The tool calls being answered came without signed thinking, which Anthropic then asks for', scope);
  }
  if (maxTokens <= leastBudget) {
    return refuse(`Thinking needs more than ${leastBudget} tokens, and max_tokens is ${maxTokens}`, scope);
  }
  // Thinking counts toward max_tokens: a fifth is left for the answer, except where the least budget takes more.
  const room = Math.max(leastBudget, Math.floor(maxTokens * 0.8));
  return { thinking: { type: 'enabled', budget_tokens: Math.min(wanted, room) }, mode: 'budget' };
}

// While tool calls are being answered the turn that made them must begin with its thinking.
function isInUnthoughtToolLoop(body: JsonObject): boolean {
  const messages = objectsIn(body['messages']);
  if (messages.at(-1)?.['role'] !== 'tool') return false;
  const caller = messages.findLast((message) => message['role'] === 'assistant');
  return caller !== undefined && !hasSignedThinking(caller);
}

function hasSignedThinking(message: JsonObject): boolean {
  const blocks = [...objectsIn(message['content_blocks']), ...objectsIn(message['thinking_blocks']), message];
  return blocks.some((block) => {
    const whole = isJsonObject(block['delta']) ? block['delta'] : block;
    return [whole['signature'], whole['reasoning_signature'], whole['data']].some((proof) => stringOr(proof) !== '');
  });
}

/** `budget_tokens` of native `thinking`; undefined when there is none. */
export function thinkingBudget(thinking: JsonObject | undefined): number | undefined {
  return numberIn(thinking?.['budget_tokens']);
}
