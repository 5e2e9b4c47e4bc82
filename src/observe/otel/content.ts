import type { Attributes } from '@opentelemetry/api';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { snapshot } from '../logs/snapshot.ts';
import { type MessagePart, toolCall, toParts } from './parts.ts';

/** A message as the conventions write it. */
interface Message {
  readonly role: string;
  readonly parts: readonly MessagePart[];
  readonly finish_reason?: string;
}

/** What was asked, as JSON of about `maxLength` characters at most, secrets taken out. Source: gen-ai-input-messages.json. */
export function inputAttributes(body: JsonObject, maxLength: number): Attributes {
  const instructions = toParts(body.instructions ?? body.system);
  return {
    ...json('gen_ai.input.messages', inputMessages(body), maxLength),
    ...json('gen_ai.system_instructions', instructions, maxLength),
    ...json('gen_ai.tool.definitions', toolDefinitions(body.tools), maxLength),
  };
}

/** What was answered. Source: gen-ai-output-messages.json. */
export function outputAttributes(reply: JsonObject | undefined, maxLength: number): Attributes {
  return reply === undefined ? {} : json('gen_ai.output.messages', outputMessages(reply), maxLength);
}

function json(name: string, list: readonly unknown[], maxLength: number): Attributes {
  return list.length === 0 ? {} : { [name]: snapshot(list, maxLength).text };
}

function inputMessages({ messages, input, prompt }: JsonObject): readonly Message[] {
  if (Array.isArray(messages)) return messages.filter(isJsonObject).map(toMessage);
  if (Array.isArray(input) && input.some(isJsonObject)) return input.filter(isJsonObject).map(fromItem);
  const texts = [input ?? prompt].flat().filter((text): text is string => typeof text === 'string');
  return texts.map((text) => ({ role: 'user', parts: toParts(text) }));
}

function toMessage({
  role,
  content,
  tool_calls: calls,
  tool_call_id: id,
  reasoning_content: thought,
}: JsonObject): Message {
  if (role === 'tool') return { role: 'tool', parts: [{ type: 'tool_call_response', id, response: content }] };
  const called = (Array.isArray(calls) ? calls : []).filter(isJsonObject).map((call) => {
    const { name, arguments: args } = isJsonObject(call.function) ? call.function : {};
    return toolCall(call.id, name, args);
  });
  const reasoning: MessagePart[] = typeof thought === 'string' ? [{ type: 'reasoning', content: thought }] : [];
  return { role: String(role), parts: [...reasoning, ...toParts(content), ...called] };
}

/** An item of a response, or of what is asked of it. Source: OpenAI API reference, Responses. */
function fromItem(item: JsonObject): Message {
  switch (item.type) {
    case 'function_call':
      return { role: 'assistant', parts: [toolCall(item.call_id, item.name, item.arguments)] };
    case 'function_call_output':
      return { role: 'tool', parts: [{ type: 'tool_call_response', id: item.call_id, response: item.output }] };
    case undefined:
    case 'message':
      return { role: String(item.role), parts: toParts(item.content) };
    default:
      return { role: 'assistant', parts: [{ type: String(item.type) }] };
  }
}

function outputMessages(reply: JsonObject): readonly Message[] {
  if (Array.isArray(reply.choices)) return reply.choices.filter(isJsonObject).map(fromChoice);
  if (Array.isArray(reply.output)) return reply.output.filter(isJsonObject).map(fromItem);
  if (reply.type !== 'message') return [];
  return [finished({ role: 'assistant', parts: toParts(reply.content) }, reply.stop_reason)];
}

function fromChoice({ message, text, finish_reason: reason }: JsonObject): Message {
  const whole = isJsonObject(message) ? toMessage(message) : { role: 'assistant', parts: toParts(text) };
  return finished(whole, reason);
}

function finished(message: Message, reason: unknown): Message {
  return typeof reason === 'string' ? { ...message, finish_reason: reason } : message;
}

function toolDefinitions(tools: unknown): readonly JsonObject[] {
  return (Array.isArray(tools) ? tools : []).filter(isJsonObject).map((tool) => {
    const { name } = isJsonObject(tool.function) ? tool.function : tool;
    return { type: tool.type ?? 'function', ...(typeof name === 'string' ? { name } : {}) };
  });
}
