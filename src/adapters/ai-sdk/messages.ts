import type { JsonObject } from '../../core/json.ts';
import { assistantMessage } from './assistant-message.ts';
import { filePart } from './file-part.ts';
import { cacheControlIn } from './kept.ts';
import type {
  CallOptionsV4,
  PromptMessage,
  ProviderOptions,
  ToolMessage,
  ToolOutput,
  UserPart,
  Warning,
} from './spec.ts';

/** A prompt as OpenAI's messages. What they have no place for is left out, and said in `warnings`. */
export function toMessages(prompt: CallOptionsV4['prompt'], warnings: Warning[]): readonly JsonObject[] {
  return prompt.flatMap((message) => convert(message, warnings));
}

function convert(message: PromptMessage, warnings: Warning[]): readonly JsonObject[] {
  switch (message.role) {
    case 'system':
      return [{ role: 'system', content: textOrPart(message.content, message.providerOptions) }];
    case 'user':
      return [{ role: 'user', content: userContent(message.content, message.providerOptions) }];
    case 'assistant':
      return [assistantMessage(message, warnings)];
    case 'tool':
      return toolMessages(message);
  }
}

/** A text is a plain string unless a mark must stand beside it. */
function textOrPart(text: string, options: ProviderOptions | undefined): string | readonly JsonObject[] {
  const cacheControl = cacheControlIn(options);
  return cacheControl === undefined ? text : [{ type: 'text', text, cache_control: cacheControl }];
}

/** A mark on the message stands for one on its last part. */
function userContent(parts: readonly UserPart[], options: ProviderOptions | undefined) {
  const [only] = parts;
  if (only?.type === 'text' && parts.length === 1)
    return textOrPart(only.text, cacheControlIn(only.providerOptions) === undefined ? options : only.providerOptions);
  return parts.map((part, index) => {
    const own = cacheControlIn(part.providerOptions);
    const mark = own ?? (index === parts.length - 1 ? cacheControlIn(options) : undefined);
    const converted = part.type === 'text' ? { type: 'text', text: part.text } : filePart(part);
    return mark === undefined ? converted : { ...converted, cache_control: mark };
  });
}

/** One message a result. Decisions on approvals concern tools that the provider runs, of which there are none. */
function toolMessages({ content }: ToolMessage): readonly JsonObject[] {
  return content.flatMap((part) =>
    part.type === 'tool-result'
      ? [{ role: 'tool', tool_call_id: part.toolCallId, content: toolContent(part.output) }]
      : [],
  );
}

function toolContent(output: ToolOutput): string | readonly JsonObject[] {
  switch (output.type) {
    case 'text':
    case 'error-text':
      return output.value;
    case 'json':
    case 'error-json':
      return JSON.stringify(output.value);
    case 'execution-denied':
      return output.reason ?? 'The user did not allow this tool call.';
    case 'content':
      return output.value.flatMap((part) => {
        if (part.type === 'text') return [{ type: 'text', text: part.text }];
        return part.type === 'file' ? [filePart(part) as unknown as JsonObject] : [];
      });
  }
}
