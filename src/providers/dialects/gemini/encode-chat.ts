import { TranslationError } from '../../../core/errors/reply-errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { CodecScope, WireRequest } from '../../../core/provider.ts';
import { asObject, present } from '../shared/lenient.ts';
import { pathSegment } from '../shared/path-segment.ts';
import { reportUnknown } from '../shared/report-unknown.ts';
import { encodeConversation, type GeminiFlavor } from './encode-contents.ts';
import { encodeTools } from './encode-tools.ts';
import { generationConfig } from './generation-config.ts';
import { nativeConfigFields, nativeField, nativeTopFields, toSnakeCase } from './native-fields.ts';

/**
 * A chat body as a call of `generateContent` or `streamGenerateContent`. Fields under `extra_body.google`, where
 * Google's own OpenAI endpoint takes them, count as fields of the body. A parameter without counterpart is reported.
 * Source: "Generating content", Gemini API reference.
 */
export function encodeChat(given: JsonObject, scope: CodecScope, flavor: GeminiFlavor): WireRequest {
  const body = { ...given, ...asObject(asObject(given.extra_body).google) };
  reportUnknown(body, { provider: 'Gemini', known }, scope);
  return {
    path: `${modelPath(scope.model)}:${scope.stream ? 'streamGenerateContent' : 'generateContent'}`,
    ...(scope.stream ? { query: { alt: 'sse' } } : {}),
    body: present({
      ...encodeConversation(body.messages, scope, flavor),
      ...encodeTools(body, scope),
      generationConfig: generationConfig(body, scope),
      ...Object.fromEntries(nativeTopFields.map((field) => [field, nativeField(body, field)])),
    }),
  };
}

/** `/models/gemini-2.5-flash`, whether or not the name bears its collection: `models/…`, `tunedModels/…`. */
export function modelPath(model: string): string {
  const [, collection = 'models', name = ''] = /^(?:(models|tunedModels)\/)?(.*)$/s.exec(model) ?? [];
  if (name === '') throw new TranslationError('model', 'Name a model, such as "gemini-2.5-flash".');
  return `/${collection}/${pathSegment(name)}`;
}

const openAiFields = [
  'model',
  'messages',
  'stream',
  'stream_options',
  'temperature',
  'top_p',
  'top_k',
  'topK',
  'n',
  'seed',
  'presence_penalty',
  'frequency_penalty',
  'logprobs',
  'top_logprobs',
  'max_tokens',
  'max_completion_tokens',
  'stop',
  'response_format',
  'modalities',
  'audio',
  'reasoning_effort',
  'thinking',
  'tools',
  'tool_choice',
  'functions',
  'function_call',
  'web_search_options',
  'extra_body',
];
const nativeFields = [
  ...nativeTopFields,
  ...nativeConfigFields,
  'generationConfig',
  'thinkingConfig',
  'includeThoughts',
  'toolConfig',
];
const known = new Set([...openAiFields, ...nativeFields, ...nativeFields.map(toSnakeCase)]);
