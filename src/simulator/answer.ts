import type { Behaviour, SimulatedToolCall, UsageOverride } from './behaviour.ts';
import type { Random } from './random.ts';
import { estimatedTokens, simulatedText, tokens } from './text.ts';

/** What the simulated model says, before a provider's words for it. */
export interface Answer {
  /** 24 hex digits, different for each request. */
  readonly id: string;
  /** Seconds since the epoch; the same in every reply, so that replies depend on the seed alone. */
  readonly created: number;
  readonly model: string;
  /** Empty when tool calls or a refusal stand in its place. */
  readonly text: string;
  readonly reasoning: string | undefined;
  readonly toolCalls: readonly AnswerToolCall[];
  readonly refusal: string | undefined;
  readonly contentFilter: boolean;
  /** In the provider's own words, when given. */
  readonly finishReason: string | undefined;
  readonly usage: TokenCounts | undefined;
  /** Models the provider says it has. */
  readonly models: readonly string[];
}

/** A call of the simulated model. */
export interface AnswerToolCall {
  /** Given ID; a format makes up its own where this is undefined. */
  readonly id: string | undefined;
  readonly name: string;
  /** JSON text, as configured. */
  readonly arguments: string;
}

/** What the simulated model reads of a request. */
export interface Prompt {
  /** Text of the last message when it is the user's. */
  readonly lastUserText: string | undefined;
  /** Characters of all text. */
  readonly length: number;
  /** The caller asked for JSON. */
  readonly wantsJson?: boolean;
}

/** Token counts, none missing. */
export type TokenCounts = Required<UsageOverride>;

/** 1 January 2025. */
export const createdSeconds = 1_735_689_600;

/** Facts that an answer is made from. */
export interface AnswerFacts {
  readonly seed: number;
  readonly provider: string;
  readonly model: string | undefined;
  readonly content: Behaviour;
  readonly prompt: Prompt;
  readonly random: Random;
}

/** Makes up the answer to one request. */
export function answerOf(facts: AnswerFacts): Answer {
  const { content } = facts;
  const text = textOf(facts);
  const toolCalls = (content.toolCalls ?? []).map(toolCallOf);
  return {
    id: facts.random.hex(24),
    created: createdSeconds,
    model: facts.model ?? 'simulated-model',
    text,
    reasoning: content.reasoning,
    toolCalls,
    refusal: content.refusal,
    contentFilter: content.contentFilter ?? false,
    finishReason: content.finishReason,
    usage: content.usage === false ? undefined : countsOf(facts, text, toolCalls),
    models: content.models ?? anyModel,
  };
}

const anyModel = ['simulated-model'];

function textOf({ seed, provider, model, content, prompt }: AnswerFacts): string {
  if (content.refusal !== undefined) return '';
  if (prompt.lastUserText?.startsWith(echoPrefix)) return prompt.lastUserText.slice(echoPrefix.length);
  if (content.text !== undefined) return content.text;
  if (content.jsonObject !== undefined) return JSON.stringify(content.jsonObject);
  if (content.toolCalls !== undefined && content.toolCalls.length > 0) return '';
  if (prompt.wantsJson) return JSON.stringify({ simulated: true, provider, model });
  return defaultText(seed, provider, model ?? 'no model');
}

const echoPrefix = 'echo:';
const texts = new Map<string, string>();
const textLimit = 500;

function defaultText(seed: number, provider: string, model: string): string {
  const key = `${seed}/${provider}/${model}`;
  let text = texts.get(key);
  if (text === undefined) {
    text = simulatedText(seed, provider, model);
    if (texts.size >= textLimit) texts.clear();
    texts.set(key, text);
  }
  return text;
}

function toolCallOf(call: SimulatedToolCall): AnswerToolCall {
  const given = call.arguments;
  return { id: call.id, name: call.name, arguments: typeof given === 'string' ? given : JSON.stringify(given) };
}

function countsOf(facts: AnswerFacts, text: string, toolCalls: readonly AnswerToolCall[]): TokenCounts {
  const { content, prompt } = facts;
  const given = content.usage || {};
  const reasoningTokens = given.reasoningTokens ?? tokens(content.reasoning ?? '').length;
  const written = tokens(text).length + tokens(content.refusal ?? '').length;
  const called = toolCalls.reduce((sum, call) => sum + estimatedTokens(call.name.length + call.arguments.length), 0);
  return {
    inputTokens: given.inputTokens ?? Math.max(1, estimatedTokens(prompt.length)),
    outputTokens: given.outputTokens ?? written + called + reasoningTokens,
    cachedTokens: given.cachedTokens ?? 0,
    cacheWriteTokens: given.cacheWriteTokens ?? 0,
    reasoningTokens,
  };
}
