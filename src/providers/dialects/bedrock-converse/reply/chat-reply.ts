import { UnreadableReplyError } from '../../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import type { CodecScope } from '../../../../core/provider.ts';
import { asObject, asObjects, asText, present } from '../../shared/lenient.ts';
import { jsonToolName, placeholderToolName } from '../json-tool.ts';
import { annotationOf, citationOf } from './citations.ts';
import { extrasOf } from './envelope.ts';
import { finishReasonOf } from './finish-reason.ts';
import { usageOf } from './usage.ts';

/** A reply of `Converse` as OpenAI's chat completion. Source: Bedrock API reference, "Converse". */
export function decodeChat(reply: unknown, scope: CodecScope): JsonObject {
  const response = asObject(reply);
  const { content } = asObject(asObject(response.output).message);
  if (!Array.isArray(content)) throw new UnreadableReplyError('A Bedrock reply without a message', reply);
  const parts = readBlocks(asObjects(content));
  const stopReason = asText(response.stopReason);
  return {
    id: scope.id(),
    object: 'chat.completion',
    created: Math.floor(scope.now() / 1000),
    model: scope.model,
    choices: [
      {
        index: 0,
        message: messageOf(parts, scope),
        logprobs: null,
        finish_reason: finishReasonOf(stopReason, parts.toolCalls.length > 0),
        ...(scope.strict ? {} : present({ native_finish_reason: stopReason })),
      },
    ],
    ...(isJsonObject(response.usage) ? { usage: usageOf(response.usage, scope.strict) } : {}),
    ...extrasOf(response, scope),
  };
}

interface Parts {
  readonly text: string;
  /** Input of the answer's tool: the reply's content, whatever text came with it. */
  readonly answer: string | undefined;
  readonly reasoning: string;
  readonly thinking: readonly JsonObject[];
  readonly toolCalls: readonly JsonObject[];
  readonly annotations: readonly JsonObject[];
  readonly citations: readonly JsonObject[];
}

const noParts: Parts = {
  text: '',
  answer: undefined,
  reasoning: '',
  thinking: [],
  toolCalls: [],
  annotations: [],
  citations: [],
};

function readBlocks(blocks: readonly JsonObject[]): Parts {
  let parts = noParts;
  for (const block of blocks) parts = { ...parts, ...readBlock(block, parts) };
  return parts;
}

function readBlock(block: JsonObject, parts: Parts): Partial<Parts> {
  if (typeof block.text === 'string') return { text: parts.text + block.text };
  if (isJsonObject(block.toolUse)) return readToolUse(block.toolUse, parts);
  if (isJsonObject(block.reasoningContent)) return readReasoning(block.reasoningContent, parts);
  return isJsonObject(block.citationsContent) ? readCited(block.citationsContent, parts) : {};
}

function readToolUse(toolUse: JsonObject, parts: Parts): Partial<Parts> {
  const text = JSON.stringify(toolUse.input ?? {});
  if (toolUse.name === jsonToolName) return { answer: text };
  if (!isCall(toolUse)) return {};
  const call = { id: toolUse.toolUseId, type: 'function', function: { name: toolUse.name, arguments: text } };
  return { toolCalls: [...parts.toolCalls, call] };
}

/** Is a `toolUse` a call for the caller to make? Not the placeholder's, and not one that the provider has made itself. */
export function isCall({ name, type }: JsonObject): boolean {
  return name !== placeholderToolName && type !== 'server_tool_use';
}

function readReasoning({ reasoningText, redactedContent }: JsonObject, parts: Parts): Partial<Parts> {
  if (typeof redactedContent === 'string') {
    return { thinking: [...parts.thinking, { type: 'redacted_thinking', data: redactedContent }] };
  }
  const { text, signature } = asObject(reasoningText);
  const thinking = asText(text) ?? '';
  const block = { type: 'thinking', thinking, ...present({ signature }) };
  return { reasoning: parts.reasoning + thinking, thinking: [...parts.thinking, block] };
}

function readCited({ content, citations }: JsonObject, parts: Parts): Partial<Parts> {
  const words = asObjects(content)
    .map(({ text }) => asText(text) ?? '')
    .join('');
  const text = parts.text + words;
  const span = { start: parts.text.length, end: text.length };
  const cited = asObjects(citations);
  const annotations = cited.map((citation) => annotationOf(citation, span)).filter((one) => one !== undefined);
  return {
    text,
    annotations: [...parts.annotations, ...annotations],
    citations: [...parts.citations, ...cited.map((citation) => citationOf(citation, span))],
  };
}

function messageOf(parts: Parts, scope: CodecScope): JsonObject {
  const content = parts.answer ?? parts.text;
  return {
    role: 'assistant',
    content: content === '' ? null : content,
    refusal: null,
    ...some('reasoning_content', parts.reasoning),
    ...some('tool_calls', parts.toolCalls),
    ...some('annotations', parts.annotations),
    ...(scope.strict ? {} : { ...some('thinking_blocks', parts.thinking), ...some('citations', parts.citations) }),
  };
}

/** `value` as member `name`, unless it is empty. */
function some(name: string, value: string | readonly JsonObject[]): JsonObject {
  return value.length > 0 ? { [name]: value } : {};
}
