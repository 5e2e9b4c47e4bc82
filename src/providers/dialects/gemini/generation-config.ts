import { TranslationError } from '../../../core/errors/reply-errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { CodecScope } from '../../../core/provider.ts';
import { asList, asObject, asText, present, presentOrNothing } from '../shared/lenient.ts';
import { nativeConfigFields, nativeField } from './native-fields.ts';
import { thinkingConfig } from './thinking.ts';

/**
 * `generationConfig` from OpenAI's sampling, length, format and reasoning parameters. Gemini's own fields, on the body
 * or in a `generationConfig` object, beat them. Undefined when the body sets none.
 * Source: "GenerationConfig", Gemini API reference.
 */
export function generationConfig(body: JsonObject, scope: CodecScope): JsonObject | undefined {
  return presentOrNothing({
    ...renamed(body),
    topK: nativeField(body, 'topK'),
    maxOutputTokens: body.max_completion_tokens ?? body.max_tokens,
    stopSequences: typeof body.stop === 'string' ? [body.stop] : body.stop,
    ...responseFormat(body.response_format),
    responseModalities: modalities(body.modalities),
    speechConfig: speechConfig(asObject(body.audio), scope),
    thinkingConfig: thinkingConfig(body, scope),
    ...present(Object.fromEntries(nativeConfigFields.map((field) => [field, nativeField(body, field)]))),
    ...asObject(nativeField(body, 'generationConfig')),
  });
}

const names: Readonly<Record<string, string>> = {
  temperature: 'temperature',
  top_p: 'topP',
  n: 'candidateCount',
  seed: 'seed',
  presence_penalty: 'presencePenalty',
  frequency_penalty: 'frequencyPenalty',
  logprobs: 'responseLogprobs',
  top_logprobs: 'logprobs',
};

function renamed(body: JsonObject): JsonObject {
  return present(Object.fromEntries(Object.entries(names).map(([from, to]) => [to, body[from]])));
}

function responseFormat(format: unknown): JsonObject {
  if (format === undefined || format === null) return {};
  const { type, json_schema } = asObject(format);
  if (type === 'text') return {};
  if (type === 'json_object') return { responseMimeType: 'application/json' };
  if (type !== 'json_schema') {
    throw new TranslationError('response_format.type', 'Gemini takes "text", "json_object" and "json_schema".');
  }
  const { schema } = asObject(json_schema);
  if (schema === undefined) {
    throw new TranslationError('response_format.json_schema.schema', 'Give the JSON schema of the reply.');
  }
  return { responseMimeType: 'application/json', responseJsonSchema: schema };
}

function modalities(value: unknown): readonly string[] | undefined {
  return value === undefined || value === null
    ? undefined
    : asList(value).map((modality) => String(modality).toUpperCase());
}

/** Gemini has voices of its own (`Kore`, `Puck`, …) and answers in 16-bit PCM only. */
function speechConfig(audio: JsonObject, scope: CodecScope): JsonObject | undefined {
  if (audio.format !== undefined && audio.format !== 'pcm16') {
    scope.drop('audio.format', 'Gemini answers in 16-bit PCM only');
  }
  const voiceName = asText(audio.voice);
  return voiceName === undefined ? undefined : { voiceConfig: { prebuiltVoiceConfig: { voiceName } } };
}
