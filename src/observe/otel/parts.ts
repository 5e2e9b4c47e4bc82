import { isJsonObject, type JsonObject } from '../../core/json.ts';

/** One piece of a message. Source: gen-ai-input-messages.json and gen-ai-output-messages.json of the conventions. */
export interface MessagePart {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** The content of a message in OpenAI's or Anthropic's form as parts; what is not known keeps its type. */
export function toParts(content: unknown): readonly MessagePart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', content }];
  if (!Array.isArray(content)) return [];
  return content.map((block: unknown) =>
    isJsonObject(block) ? toPart(block) : { type: 'text', content: String(block) },
  );
}

function toPart(block: JsonObject): MessagePart {
  return makers[String(block.type)]?.(block) ?? { type: String(block.type) };
}

const makers: Readonly<Record<string, (block: JsonObject) => MessagePart>> = {
  text: ({ text }) => ({ type: 'text', content: text }),
  input_text: ({ text }) => ({ type: 'text', content: text }),
  output_text: ({ text }) => ({ type: 'text', content: text }),
  refusal: ({ refusal }) => ({ type: 'text', content: refusal }),
  thinking: ({ thinking }) => ({ type: 'reasoning', content: thinking }),
  image_url: ({ image_url: image }) => media('image', isJsonObject(image) ? image.url : image),
  input_image: ({ image_url: url }) => media('image', url),
  image: ({ source }) => sourced('image', source),
  document: ({ source }) => sourced('document', source),
  input_audio: ({ input_audio: audio }) => blob('audio', isJsonObject(audio) ? audio.data : undefined),
  tool_use: ({ id, name, input }) => ({ type: 'tool_call', id, name, arguments: input }),
  tool_result: ({ tool_use_id: id, content }) => ({ type: 'tool_call_response', id, response: content }),
};

function media(modality: string, url: unknown): MessagePart {
  const [, mimeType, data] = /^data:([^;,]*)[^,]*,(.*)$/s.exec(String(url)) ?? [];
  return data === undefined ? { type: 'uri', modality, uri: url } : blob(modality, data, mimeType);
}

function sourced(modality: string, source: unknown): MessagePart {
  if (!isJsonObject(source)) return { type: modality };
  return source.type === 'url' ? media(modality, source.url) : blob(modality, source.data, source.media_type);
}

/** The bytes themselves are left out: spans are no place for them. */
function blob(modality: string, data: unknown, mimeType?: unknown): MessagePart {
  const size = typeof data === 'string' ? data.length : 0;
  return {
    type: 'blob',
    modality,
    ...(mimeType === undefined ? {} : { mime_type: mimeType }),
    content: `[${size} characters]`,
  };
}

/** A call of a function, whose arguments are JSON text. */
export function toolCall(id: unknown, name: unknown, args: unknown): MessagePart {
  return { type: 'tool_call', id, name, arguments: parsed(args) };
}

function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
