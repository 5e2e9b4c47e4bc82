import { TranslationError } from '../../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import type { CodecScope } from '../../../../core/provider.ts';
import { jsonToolName } from '../json-tool.ts';
import type { ModelFacts } from '../model-facts.ts';
import { lookup, objectsIn, stringOr } from '../values.ts';
import type { Thinking } from './thinking.ts';

/** Tools as they are sent, with the choice among them. */
export interface ToolUse {
  readonly tools?: readonly JsonObject[];
  readonly tool_choice?: JsonObject;
}

/** What the choice depends on. */
export interface ChoiceScope {
  readonly facts: ModelFacts;
  readonly mode: Thinking['mode'];
  readonly scope: CodecScope;
}

/** Must the model call one of the caller's functions, so that no content can come? */
export function forcesCall(body: JsonObject): boolean {
  const { type } = readChoice(body);
  return type === 'any' || type === 'tool';
}

/**
 * `tool_choice` (or the legacy `function_call`) and `parallel_tool_calls` over `tools`. `allowed_tools` sends only those
 * tools. A forced choice becomes `auto`, and is reported, where the model refuses one. `answer` is the tool that stands for
 * a JSON answer. Source: Claude docs, "Define tools: forcing tool use", "Thinking with tool use".
 */
export function encodeToolUse(
  body: JsonObject,
  tools: readonly JsonObject[],
  answer: JsonObject | undefined,
  choiceScope: ChoiceScope,
): ToolUse {
  const asked = readChoice(body);
  const allowed = asked.allowed === undefined ? tools : tools.filter((tool) => asked.allowed?.includes(nameOf(tool)));
  if (answer !== undefined) return answerUse(asked, allowed, answer, body);
  if (tools.length === 0) return withoutTools(asked, choiceScope.scope);
  const choice = possible(asked, choiceScope);
  const isSerial = asked.isSerial === true || isSerialBody(body);
  const parallel = isSerial && choice.type !== 'none' ? { disable_parallel_tool_use: true } : {};
  const isDefault = choice.type === 'auto' && !asked.isExplicit && !('disable_parallel_tool_use' in parallel);
  if (isDefault) return { tools: allowed };
  return { tools: allowed, tool_choice: { ...choice, ...parallel } };
}

interface Choice {
  readonly type: 'auto' | 'none' | 'any' | 'tool';
  /** The tool, for `tool`. */
  readonly name?: string;
}

interface AskedChoice extends Choice {
  readonly isExplicit: boolean;
  /** Names of the only tools allowed. */
  readonly allowed?: readonly string[];
  /** Set by `disable_parallel_tool_use` of a choice in Anthropic's own shape. */
  readonly isSerial?: boolean;
}

const plainChoices: Readonly<Record<string, Choice['type']>> = {
  auto: 'auto',
  none: 'none',
  required: 'any',
  any: 'any',
};

function readChoice(body: JsonObject): AskedChoice {
  const written = body['tool_choice'] ?? body['function_call'];
  if (written === undefined || written === null) return { type: 'auto', isExplicit: false };
  const plain = lookup(plainChoices, written);
  if (plain !== undefined) return { type: plain, isExplicit: true };
  const read = isJsonObject(written) ? readObject(written) : undefined;
  if (read !== undefined) return { ...read, isExplicit: true };
  throw new TranslationError(
    'tool_choice',
    `tool_choice is ${JSON.stringify(written)}. Valid are "auto", "none", "required", a function and allowed_tools.`,
  );
}

function readObject(written: JsonObject): Omit<AskedChoice, 'isExplicit'> | undefined {
  const { type, function: fn, name, allowed_tools: allowed } = written;
  if (isJsonObject(fn) && typeof fn['name'] === 'string') return { type: 'tool', name: fn['name'] };
  if (type === 'allowed_tools' && isJsonObject(allowed)) {
    return { type: allowed['mode'] === 'required' ? 'any' : 'auto', allowed: objectsIn(allowed['tools']).map(nameOf) };
  }
  const isSerial = written['disable_parallel_tool_use'] === true;
  if (typeof name === 'string' && (type === undefined || type === 'tool')) return { type: 'tool', name, isSerial };
  const native = type === 'required' ? undefined : lookup(plainChoices, type);
  return native === undefined ? undefined : { type: native, isSerial };
}

function nameOf(tool: JsonObject): string {
  return stringOr(isJsonObject(tool['function']) ? tool['function']['name'] : tool['name']);
}

function withoutTools(asked: Choice, scope: CodecScope): ToolUse {
  if (asked.type === 'any' || asked.type === 'tool') scope.drop('tool_choice', 'There are no tools to choose from');
  return {};
}

function answerUse(asked: Choice, tools: readonly JsonObject[], answer: JsonObject, body: JsonObject): ToolUse {
  const only = { type: 'tool', name: jsonToolName, disable_parallel_tool_use: true };
  if (tools.length === 0 || asked.type === 'none') return { tools: [...tools, answer], tool_choice: only };
  const parallel = isSerialBody(body) ? { disable_parallel_tool_use: true } : {};
  return { tools: [...tools, answer], tool_choice: { type: 'any', ...parallel } };
}

function possible({ type, name }: Choice, { facts, mode, scope }: ChoiceScope): Choice {
  const isForced = type === 'any' || type === 'tool';
  if (!isForced || (facts.forcedTools && mode !== 'budget')) return name === undefined ? { type } : { type, name };
  scope.drop('tool_choice', facts.forcedTools ? 'Thinking rules out a forced call' : 'This model takes no forced call');
  return { type: 'auto' };
}

// A legacy `function_call` holds one call only.
function isSerialBody(body: JsonObject): boolean {
  return body['parallel_tool_calls'] === false || (Array.isArray(body['functions']) && !Array.isArray(body['tools']));
}
