import { TranslationError } from '../../../core/errors/reply-errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { CodecScope } from '../../../core/provider.ts';
import { asObject, asText, present, presentOrNothing } from '../shared/lenient.ts';
import { nativeField } from './native-fields.ts';

/**
 * `thinkingConfig` of a request: `thinking_config` as it is, `thinking` in Anthropic's words or Gemini's,
 * `reasoning_effort` as a level or a budget by model family, `include_thoughts`. Undefined when none is given.
 * Source: "Gemini thinking" and "OpenAI compatibility", Gemini API docs.
 */
export function thinkingConfig(body: JsonObject, scope: CodecScope): JsonObject | undefined {
  const config = {
    ...fromThinking(asObject(body.thinking), scope),
    ...asObject(nativeField(body, 'thinkingConfig')),
    ...present({ includeThoughts: nativeField(body, 'includeThoughts') }),
  };
  return presentOrNothing({ ...fromEffort(body.reasoning_effort, config, scope), ...config });
}

/** How a model family takes the amount of thinking. Unnamed and tuned models take a budget, which Gemini 3 accepts too. */
export function thinkingControl(model: string): 'level' | 'budget' | 'none' {
  const version = /gemini-(\d+)(?:\.(\d+))?/.exec(model);
  if (version === null) return /gemini-[a-z-]*latest/.test(model) ? 'level' : 'budget';
  const [major, minor] = [Number(version[1]), Number(version[2] ?? 0)];
  if (major >= 3) return 'level';
  return major === 2 && minor >= 5 ? 'budget' : 'none';
}

function fromThinking(thinking: JsonObject, scope: CodecScope): JsonObject {
  if (thinking.type === undefined) return thinking;
  if (thinking.type === 'disabled') return amountOf('none', 'thinking', scope);
  return present({ includeThoughts: true, thinkingBudget: thinking.budget_tokens });
}

const amounts = ['thinkingBudget', 'thinking_budget', 'thinkingLevel', 'thinking_level'];

function fromEffort(effort: unknown, config: JsonObject, scope: CodecScope): JsonObject {
  if (effort === undefined || effort === null) return {};
  if (amounts.some((amount) => amount in config)) {
    scope.drop('reasoning_effort', 'the request sets a thinking budget or level of its own');
    return {};
  }
  return amountOf(asText(effort), 'reasoning_effort', scope);
}

const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

function amountOf(effort: string | undefined, param: string, scope: CodecScope): JsonObject {
  if (effort === undefined || !efforts.includes(effort)) {
    throw new TranslationError(`${param}`, `Unknown reasoning_effort. Valid: ${efforts.join(', ')}.`);
  }
  const control = thinkingControl(scope.model);
  if (control === 'none') {
    if (effort !== 'none') scope.drop(param, `${scope.model} does not think`);
    return {};
  }
  if (effort === 'none') return leastAmount(control, param, scope);
  return control === 'level'
    ? { thinkingLevel: levelOf(effort, scope.model) }
    : { thinkingBudget: budgets[effort] ?? budgets.high };
}

/** Google's own equivalents of OpenAI's efforts for Gemini 2.5. */
const budgets: Readonly<Record<string, number>> = { minimal: 1024, low: 1024, medium: 8192, high: 24_576 };

function leastAmount(control: 'level' | 'budget', param: string, scope: CodecScope): JsonObject {
  if (control === 'budget' && !/-pro/.test(scope.model)) return { thinkingBudget: 0 };
  const least = control === 'level' ? { thinkingLevel: levelOf('minimal', scope.model) } : { thinkingBudget: 128 };
  scope.drop(param, `${scope.model} cannot switch thinking off; the least amount is asked for`);
  return least;
}

/** Gemini 3 Pro knows `low` and `high`, later Pro models `medium` too, the others all four. */
function levelOf(effort: string, model: string): string {
  if (effort === 'xhigh' || effort === 'max') return 'high';
  if (/gemini-3-pro/.test(model)) return effort === 'medium' || effort === 'high' ? 'high' : 'low';
  return effort === 'minimal' && /-pro/.test(model) ? 'low' : effort;
}
