import type { JsonObject } from '../../core/json.ts';
import type { CallSettings } from './call-settings.ts';
import { toMessages } from './messages.ts';
import type { CallOptionsV4, Tool, Warning } from './spec.ts';

/** A call of the AI SDK as OpenAI's body; what it cannot say is told in `warnings`. */
export interface ChatBody {
  readonly body: JsonObject;
  readonly warnings: Warning[];
}

/** Translates a call's options. Parameters that a target does not know are dropped, or refused, where its wire format is written. */
export function chatBody(modelId: string, options: CallOptionsV4, settings: CallSettings): ChatBody {
  const warnings: Warning[] = [];
  const tools = (options.tools ?? []).flatMap((tool) => toTool(tool, warnings));
  const { reasoning } = options;
  const body = {
    model: modelId === '' ? undefined : modelId,
    messages: toMessages(options.prompt, warnings),
    max_completion_tokens: options.maxOutputTokens,
    temperature: options.temperature,
    top_p: options.topP,
    top_k: options.topK,
    presence_penalty: options.presencePenalty,
    frequency_penalty: options.frequencyPenalty,
    stop: options.stopSequences?.length === 0 ? undefined : options.stopSequences,
    seed: options.seed,
    reasoning_effort: reasoning === 'provider-default' ? undefined : reasoning,
    response_format: responseFormat(options.responseFormat, settings.strictJsonSchema),
    ...(tools.length === 0 ? {} : { tools, tool_choice: toolChoice(options.toolChoice) }),
    ...settings.params,
  };
  return { body: given(body), warnings };
}

function given(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

function responseFormat(format: CallOptionsV4['responseFormat'], strict: boolean): JsonObject | undefined {
  if (format?.type !== 'json') return undefined;
  const { schema, name = 'response', description } = format;
  if (schema === undefined) return { type: 'json_object' };
  return {
    type: 'json_schema',
    json_schema: { name, ...(description === undefined ? {} : { description }), schema, strict },
  };
}

function toTool(tool: Tool, warnings: Warning[]): readonly JsonObject[] {
  if (tool.type === 'provider') {
    const details = `Tool "${tool.id}" is run by one provider, and the config decides who answers. It was left out.`;
    warnings.push({ type: 'unsupported', feature: 'provider tools', details });
    return [];
  }
  const { name, description, inputSchema, strict } = tool;
  const definition = {
    name,
    ...(description === undefined ? {} : { description }),
    parameters: inputSchema,
    ...(strict === undefined ? {} : { strict }),
  };
  return [{ type: 'function', function: definition }];
}

function toolChoice(choice: CallOptionsV4['toolChoice']): string | JsonObject | undefined {
  return choice?.type === 'tool' ? { type: 'function', function: { name: choice.toolName } } : choice?.type;
}
