import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { claim } from '../../resources/stream.ts';
import { type Backend, jsonOf, type Sent } from './backend.ts';
import { callError } from './call-error.ts';
import { type ChatBody, chatBody } from './chat-body.ts';
import { toContent } from './content.ts';
import { responseFacts, servedHeadersOf, servedMetadata } from './facts.ts';
import { partStream } from './part-stream.ts';
import type { CallOptionsV4, GenerateResult, LanguageModelV4, StreamResult } from './spec.ts';
import { toFinishReason, toUsage } from './usage.ts';

/** A model of the AI SDK that is answered by whichever target the config chooses. */
export function languageModel(modelId: string, backend: Backend): LanguageModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'modelmux',
    modelId,
    // Not every target fetches files itself: the SDK reads them and hands on their bytes.
    supportedUrls: {},
    async doGenerate(options) {
      const prepared = prepare(modelId, options, backend);
      const sent = await backend.send('chat/completions', prepared.body, prepared.settings);
      return generated(sent, prepared);
    },
    async doStream(options) {
      const prepared = prepare(modelId, options, backend);
      const body = { stream_options: { include_usage: true }, ...prepared.body, stream: true };
      const sent = await backend.send('chat/completions', body, prepared.settings);
      return streamed(sent, { ...prepared, body }, options.includeRawChunks === true);
    },
  };
}

function prepare(modelId: string, options: CallOptionsV4, backend: Backend) {
  const settings = backend.settings(options);
  try {
    return { ...chatBody(modelId, options, settings), settings };
  } catch (error) {
    throw callError(error, {});
  }
}

function generated(sent: Sent, { body, warnings }: ChatBody): GenerateResult {
  const completion = jsonOf(sent);
  const choice = firstChoice(completion);
  const message = isJsonObject(choice['message']) ? choice['message'] : {};
  return {
    content: toContent(message),
    finishReason: toFinishReason(choice['finish_reason']),
    usage: toUsage(completion['usage']),
    providerMetadata: servedMetadata(sent.served),
    request: { body },
    response: { ...responseFacts(completion), headers: servedHeadersOf(sent.served), body: completion },
    warnings: [...warnings, ...sent.dropped],
  };
}

function firstChoice({ choices }: JsonObject): JsonObject {
  const first: unknown = Array.isArray(choices) ? choices[0] : undefined;
  return isJsonObject(first) ? first : {};
}

function streamed({ served, dropped }: Sent, { body, warnings }: ChatBody, includeRaw: boolean): StreamResult {
  const { body: reply } = served.reply;
  if (reply.kind !== 'stream') throw new TypeError(`A reply of kind "${reply.kind}" is not a stream.`);
  const source = {
    chunks: claim(reply.chunks),
    warnings: [...warnings, ...dropped],
    includeRaw,
    metadata: () => servedMetadata(served),
    toError: (error: unknown) => callError(error, body),
  };
  return { stream: partStream(source), request: { body }, response: { headers: servedHeadersOf(served) } };
}
