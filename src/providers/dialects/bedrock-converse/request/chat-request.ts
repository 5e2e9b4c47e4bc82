import { TranslationError } from '../../../../core/errors/reply-errors.ts';
import type { JsonObject } from '../../../../core/json.ts';
import type { CodecScope, WireRequest } from '../../../../core/provider.ts';
import { asObject, presentOrNothing } from '../../shared/lenient.ts';
import { reportUnknown } from '../../shared/report-unknown.ts';
import { nativeField } from '../native-fields.ts';
import { encodingOf } from './encoding.ts';
import { encodeInference } from './inference.ts';
import { withoutLegacy } from './legacy.ts';
import { encodeMessages } from './messages.ts';
import { honoured, modelFields, nativeFields } from './native.ts';
import { encodeReasoning } from './reasoning.ts';
import { encodeResponseFormat } from './response-format.ts';
import { encodeToolUse } from './tool-config.ts';

/** A chat completion as a call of `Converse` or `ConverseStream`. Source: Bedrock API reference, "Converse". */
export function encodeChat(given: JsonObject, scope: CodecScope): WireRequest {
  const body = withoutLegacy(given);
  const encoding = encodingOf(scope);
  reportUnknown(body, { provider: 'Bedrock Converse', known: honoured }, scope);
  const { system, messages } = encodeMessages(body.messages, encoding);
  const reasoning = encodeReasoning(body, encoding);
  const inference = encodeInference(body, reasoning, encoding);
  const { textFormat, tool: answer, instruction } = encodeResponseFormat(body, reasoning.mode, encoding);
  const tools = encodeToolUse(body, { messages, mode: reasoning.mode, answer, encoding });
  const outputConfig = { textFormat, effort: reasoning.effort, ...asObject(nativeField(body, 'outputConfig')) };
  return {
    path: `${modelPath(scope)}/${scope.stream ? 'converse-stream' : 'converse'}`,
    body: {
      messages,
      ...filled({
        system: instruction === undefined ? system : [...system, { text: instruction }],
        inferenceConfig: inference.config,
        toolConfig: tools.config,
        outputConfig: presentOrNothing(outputConfig),
        additionalModelRequestFields: {
          ...inference.fields,
          ...reasoning.fields,
          ...tools.fields,
          ...modelFields(body, encoding),
        },
      }),
      ...nativeFields(body, scope),
    },
  };
}

/** `/model/…` with the model's ID or ARN as one segment. Throws `TranslationError` without a model. */
export function modelPath({ model }: CodecScope): string {
  if (model !== '') return `/model/${encodeURIComponent(model)}`;
  throw new TranslationError('model', 'model is missing: Bedrock wants a model ID, an inference profile or an ARN.');
}

/** `members` without those that are absent or empty. */
function filled(members: Readonly<Record<string, object | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined && Object.keys(value).length > 0),
  );
}
