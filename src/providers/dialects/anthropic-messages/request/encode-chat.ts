import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import type { CodecScope, WireRequest } from '../../../../core/provider.ts';
import { type ModelFacts, modelFacts } from '../model-facts.ts';
import { compact, numberIn } from '../values.ts';
import { encodeMessages } from './messages.ts';
import { encodeHeaders, encodePlainParams } from './plain-params.ts';
import { encodeResponseFormat, type ResponseFormat } from './response-format.ts';
import { encodeSampling } from './sampling.ts';
import { encodeThinking, type Thinking, thinkingBudget } from './thinking.ts';
import { encodeToolUse } from './tool-choice.ts';
import { encodeTools } from './tools.ts';

/** An OpenAI chat body to `POST /messages`. Source: Claude API reference, "Create a Message". */
export function encodeChat(body: JsonObject, scope: CodecScope): WireRequest {
  const facts = modelFacts(scope.model);
  const { system, messages } = encodeMessages(body, scope);
  const givenMaxTokens = numberIn(body['max_completion_tokens']) ?? numberIn(body['max_tokens']);
  const thinking = encodeThinking(body, facts, givenMaxTokens ?? facts.maxOutputTokens, scope);
  const tools = encodeTools(body, facts, scope);
  const format = encodeResponseFormat(body, { facts, mode: thinking.mode, scope });
  const instructions = format.instruction === undefined ? [] : [{ type: 'text', text: format.instruction }];
  const allSystem = [...system, ...instructions];
  const headers = encodeHeaders(body);
  return {
    path: '/messages',
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    body: compact({
      ...encodePlainParams(body, scope),
      ...encodeSampling(body, facts, thinking.mode, scope),
      ...encodeToolUse(body, tools, format.tool, { facts, mode: thinking.mode, scope }),
      model: scope.model === '' ? undefined : scope.model,
      max_tokens: givenMaxTokens ?? defaultMaxTokens(facts, thinking),
      system: allSystem.length === 0 ? undefined : allSystem,
      messages,
      thinking: thinking.thinking,
      output_config: outputConfig(body, thinking, format),
      stream: scope.stream ? true : undefined,
    }),
  };
}

/** Room for an answer beside a budget that takes all of the model's usual limit. */
const answerTokens = 4096;

function defaultMaxTokens(facts: ModelFacts, { thinking }: Thinking): number {
  const budget = thinkingBudget(thinking) ?? 0;
  return budget < facts.maxOutputTokens ? facts.maxOutputTokens : budget + answerTokens;
}

function outputConfig(body: JsonObject, { effort }: Thinking, { format }: ResponseFormat): JsonObject | undefined {
  const native = isJsonObject(body['output_config']) ? body['output_config'] : {};
  const config = compact({ effort, format, ...native });
  return Object.keys(config).length === 0 ? undefined : config;
}
