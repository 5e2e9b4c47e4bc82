import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { Failure } from '../wire-format.ts';
import { checkToolUse } from './check-tool-use.ts';

/** What differs between the places that take Anthropic messages. */
export interface MessageRules {
  /** Top-level fields that must be there. */
  readonly required: readonly string[];
  /** Top-level fields that may be there. */
  readonly known: ReadonlySet<string>;
  /** Messages may have the role `system`, as versions after 2023-06-01 allow. */
  readonly systemRole: boolean;
}

/** What Anthropic refuses in a message request; the parts a translation may get wrong. */
export function checkMessage(body: JsonObject, rules: MessageRules): Failure | undefined {
  const absent = rules.required.find((name) => body[name] === undefined || body[name] === null);
  if (absent !== undefined) return refused(absent, 'Field required');
  const extra = Object.keys(body).find((name) => !rules.known.has(name));
  if (extra !== undefined) return refused(extra, 'Extra inputs are not permitted');
  if (!Array.isArray(body.messages)) return refused('messages', 'Input should be a valid list');
  return (
    checkMessages(body.messages, rules) ??
    checkToolUse(body.messages as readonly JsonObject[]) ??
    checkLimits(body) ??
    checkTools(body) ??
    checkThinking(body)
  );
}

/** A 400 in Anthropic's `path: what` form. */
export function refused(path: string, what: string): Failure {
  return { kind: 'invalid_request', message: `${path}: ${what}` };
}

function checkMessages(messages: readonly unknown[], { systemRole }: MessageRules): Failure | undefined {
  if (messages.length === 0) return refused('messages', 'at least one message is required');
  for (const [index, message] of messages.entries()) {
    const failure = isJsonObject(message)
      ? (checkRole(message.role, index, systemRole) ?? checkContent(message.content, `messages.${index}.content`))
      : refused(`messages.${index}`, 'Input should be an object');
    if (failure !== undefined) return failure;
  }
  const last = messages.at(-1) as JsonObject;
  const trailing = last.role === 'assistant' && typeof last.content === 'string' && /\s$/.test(last.content);
  return trailing ? refused('messages', 'final assistant content cannot end with trailing whitespace') : undefined;
}

function checkRole(role: unknown, index: number, systemRole: boolean): Failure | undefined {
  if (role === undefined) return refused(`messages.${index}.role`, 'Field required');
  if (role === 'system' && !systemRole) {
    return refused('messages', 'Unexpected role "system". The Messages API takes a top-level `system` parameter.');
  }
  if (role !== 'user' && role !== 'assistant' && role !== 'system') {
    return refused(`messages.${index}.role`, "Input should be 'user' or 'assistant'");
  }
  const first = index === 0 && role === 'assistant';
  return first ? refused('messages', 'first message must use the "user" role') : undefined;
}

function checkContent(content: unknown, path: string): Failure | undefined {
  if (content === undefined) return refused(path, 'Field required');
  if (typeof content === 'string') {
    return content === '' ? refused(path, 'content must be non-empty') : undefined;
  }
  if (!Array.isArray(content)) return refused(path, 'Input should be a valid string or list');
  for (const [index, block] of content.entries()) {
    const failure = checkBlock(block, `${path}.${index}`);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

function checkBlock(block: unknown, path: string): Failure | undefined {
  if (!isJsonObject(block) || typeof block.type !== 'string') return refused(`${path}.type`, 'Field required');
  const absent = (requiredOf[block.type] ?? []).find((name) => block[name] === undefined);
  if (absent !== undefined) return refused(`${path}.${block.type}.${absent}`, 'Field required');
  if (block.type === 'text' && block.text === '') return refused('messages', 'text content blocks must be non-empty');
  if (block.type === 'tool_use' && !isJsonObject(block.input)) {
    return refused(`${path}.tool_use.input`, 'Input should be a valid dictionary');
  }
  return undefined;
}

const requiredOf: Readonly<Record<string, readonly string[]>> = {
  text: ['text'],
  image: ['source'],
  document: ['source'],
  tool_use: ['id', 'name', 'input'],
  tool_result: ['tool_use_id'],
  thinking: ['thinking', 'signature'],
};

/** Models that take either of temperature and top_p, not both. */
const eitherSampling = /claude-(?:opus-4-[1-9]|sonnet-4-[5-9]|haiku-4-[5-9])(?!\d)/;

function checkLimits(body: JsonObject): Failure | undefined {
  const { max_tokens: maxTokens, stop_sequences: stop, temperature, top_p: topP } = body;
  if (maxTokens !== undefined && (!Number.isInteger(maxTokens) || Number(maxTokens) < 1)) {
    return refused('max_tokens', 'Input should be an integer greater than or equal to 1');
  }
  if (stop !== undefined && !Array.isArray(stop)) return refused('stop_sequences', 'Input should be a valid list');
  if (temperature !== undefined && !(Number(temperature) >= 0 && Number(temperature) <= 1)) {
    return refused('temperature', 'range: 0..1');
  }
  if (temperature !== undefined && topP !== undefined && eitherSampling.test(String(body.model))) {
    return {
      kind: 'invalid_request',
      message: '`temperature` and `top_p` cannot both be specified for this model. Please use only one.',
    };
  }
  return undefined;
}

function checkTools({ tools, tool_choice: choice }: JsonObject): Failure | undefined {
  if (tools !== undefined && !Array.isArray(tools)) return refused('tools', 'Input should be a valid list');
  for (const [index, tool] of (tools ?? []).entries()) {
    const failure = checkTool(tool, `tools.${index}`);
    if (failure !== undefined) return failure;
  }
  if (choice === undefined) return undefined;
  const type = isJsonObject(choice) ? choice.type : undefined;
  const known = ['auto', 'any', 'tool', 'none'].includes(type as string);
  return known ? undefined : refused('tool_choice', "Input should have a type of 'auto', 'any', 'tool' or 'none'");
}

function checkTool(tool: unknown, path: string): Failure | undefined {
  if (!isJsonObject(tool)) return refused(path, 'Input should be an object');
  if (tool.type === 'function') {
    return refused(path, "Input tag 'function' found using 'type' does not match any of the expected tags");
  }
  if (tool.type !== undefined && tool.type !== 'custom') return undefined;
  if (typeof tool.name !== 'string' || tool.name === '') return refused(`${path}.custom.name`, 'Field required');
  if (!isJsonObject(tool.input_schema)) return refused(`${path}.custom.input_schema`, 'Field required');
  return tool.input_schema.type === 'object'
    ? undefined
    : refused(`${path}.custom.input_schema.type`, "Input should be 'object'");
}

function checkThinking({
  thinking,
  max_tokens: maxTokens,
  temperature,
  tool_choice: choice,
}: JsonObject): Failure | undefined {
  if (!isJsonObject(thinking) || thinking.type !== 'enabled') return undefined;
  const budget = thinking.budget_tokens;
  if (budget === undefined) return refused('thinking.enabled.budget_tokens', 'Field required');
  if (Number(budget) < 1024)
    return refused('thinking.enabled.budget_tokens', 'Input should be greater than or equal to 1024');
  if (Number(maxTokens) <= Number(budget)) {
    return { kind: 'invalid_request', message: '`max_tokens` must be greater than `thinking.budget_tokens`.' };
  }
  if (temperature !== undefined && temperature !== 1) {
    return { kind: 'invalid_request', message: '`temperature` may only be set to 1 when thinking is enabled.' };
  }
  const forced = isJsonObject(choice) && (choice.type === 'any' || choice.type === 'tool');
  return forced
    ? { kind: 'invalid_request', message: 'Thinking may not be enabled when tool_choice forces tool use.' }
    : undefined;
}
