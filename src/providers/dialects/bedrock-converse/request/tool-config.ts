import { TranslationError } from '../../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { asObject, asObjects, asText } from '../../shared/lenient.ts';
import { jsonToolName } from '../json-tool.ts';
import type { Encoding } from './encoding.ts';
import type { Turn } from './messages.ts';
import type { Reasoning } from './reasoning.ts';
import { type EncodedTool, encodeTools, placeholderTool } from './tools.ts';

/** Tools and the choice among them, in Converse's places. */
export interface ToolUse {
  /** `toolConfig` */
  readonly config?: JsonObject;
  /** For `additionalModelRequestFields`. */
  readonly fields: JsonObject;
}

/** What the tools depend on beside the body. */
export interface ToolScope {
  readonly messages: readonly Turn[];
  readonly mode: Reasoning['mode'];
  /** The `toolSpec` that stands for a JSON answer. */
  readonly answer: JsonObject | undefined;
  readonly encoding: Encoding;
}

/**
 * `tools`, `tool_choice` and `parallel_tool_calls`. With `none`, and without tools, `toolConfig` goes; where the history
 * holds tool calls Bedrock refuses that, so a placeholder stands in. A forced choice becomes `auto`, and is reported,
 * where the model refuses one. Source: Bedrock API reference, "ToolConfiguration" and "ToolChoice".
 */
export function encodeToolUse(body: JsonObject, toolScope: ToolScope): ToolUse {
  const asked = readChoice(body.tool_choice);
  const { encoding } = toolScope;
  // Who must call a tool of the caller's gives no answer yet, and must not be offered one.
  const answer = isForced(asked) ? undefined : toolScope.answer;
  const tools = chosenTools(encodeTools(body, encoding), asked);
  if (tools.length === 0 && answer === undefined) return withoutTools(asked, toolScope);
  const entries = [...tools.map(({ entry }) => entry), ...(answer === undefined ? [] : [{ toolSpec: answer }])];
  const choice = answer === undefined ? possible(asked, toolScope) : answerChoice(tools);
  const serial = serialChoice(body, choice, encoding);
  if (serial !== undefined) return { config: { tools: entries }, fields: { tool_choice: serial } };
  const toolChoice = choice.type === 'default' ? {} : { toolChoice: wireChoice(choice) };
  return { config: { tools: entries, ...toolChoice }, fields: {} };
}

function withoutTools(asked: Choice, { messages }: ToolScope): ToolUse {
  if (isForced(asked))
    throw new TranslationError('tool_choice', 'tool_choice asks for a call, but there are no tools.');
  return { fields: {}, ...(hasToolBlocks(messages) ? { config: { tools: [placeholderTool] } } : {}) };
}

interface Choice {
  /** `default`: nothing was said, which means `auto`. */
  readonly type: 'default' | 'auto' | 'none' | 'any' | 'tool';
  /** The tool, for `tool`. */
  readonly name?: string;
  /** Names of the only tools allowed. */
  readonly allowed?: readonly string[];
}

const plainChoices: ReadonlyMap<unknown, Choice['type']> = new Map([
  ['auto', 'auto'],
  ['none', 'none'],
  ['required', 'any'],
  ['any', 'any'],
]);

function readChoice(written: unknown): Choice {
  if (written === undefined || written === null) return { type: 'default' };
  const plain = plainChoices.get(written);
  if (plain !== undefined) return { type: plain };
  const choice = asObject(written);
  const name = asText(asObject(choice.function).name);
  if (choice.type === 'function' && name !== undefined) return { type: 'tool', name };
  if (choice.type === 'allowed_tools') return allowedTools(asObject(choice.allowed_tools));
  throw new TranslationError(
    'tool_choice',
    `tool_choice is ${JSON.stringify(written)}. Valid are "auto", "none", "required", a function and allowed_tools.`,
  );
}

function allowedTools({ mode, tools }: JsonObject): Choice {
  const allowed = asObjects(tools).map((tool) => asText(asObject(tool.function).name) ?? '');
  return { type: mode === 'required' ? 'any' : 'auto', allowed };
}

function chosenTools(tools: readonly EncodedTool[], { type, allowed }: Choice): readonly EncodedTool[] {
  const chosen = tools.filter(({ name }) => name === undefined || (allowed?.includes(name) ?? true));
  return type === 'none' || chosen.every(({ name }) => name === undefined) ? [] : chosen;
}

function isForced({ type }: Choice): boolean {
  return type === 'any' || type === 'tool';
}

/** The answer's tool beside the caller's: the model must call one of them. */
function answerChoice(tools: readonly EncodedTool[]): Choice {
  return tools.length === 0 ? { type: 'tool', name: jsonToolName } : { type: 'any' };
}

function possible(asked: Choice, { mode, encoding }: ToolScope): Choice {
  if (!isForced(asked)) return asked;
  const why = refusal(mode, encoding);
  if (why === undefined) return asked;
  encoding.scope.drop('tool_choice', why);
  return { type: 'auto' };
}

function refusal(mode: Reasoning['mode'], { traits }: Encoding): string | undefined {
  if (!traits.forcedTools) return 'This model cannot be forced to call a tool on Bedrock';
  return mode === 'budget' ? 'A Claude model that thinks cannot be forced to call a tool' : undefined;
}

function wireChoice({ type, name }: Choice): JsonObject {
  if (type === 'tool') return { tool: { name } };
  return type === 'any' ? { any: {} } : { auto: {} };
}

/**
 * The choice in Anthropic's own form, which alone can forbid parallel calls; it then takes the place of `toolChoice`.
 * Undefined where parallel calls are fine.
 */
function serialChoice(body: JsonObject, { type, name }: Choice, { traits, scope }: Encoding): JsonObject | undefined {
  if (body.parallel_tool_calls !== false) return undefined;
  if (traits.claude === undefined) {
    scope.drop('parallel_tool_calls', 'Only Claude models on Bedrock can be kept to one call at a time');
    return undefined;
  }
  const chosen = type === 'tool' ? { type, name } : { type: type === 'any' ? 'any' : 'auto' };
  return { ...chosen, disable_parallel_tool_use: true };
}

function hasToolBlocks(messages: readonly Turn[]): boolean {
  return messages.some(({ content }) =>
    content.some((block) => isJsonObject(block.toolUse) || isJsonObject(block.toolResult)),
  );
}
