import type { JsonObject } from '../../../core/json.ts';
import type { Codec, StreamDecoder } from '../../../core/provider.ts';
import { decodeChat } from './reply/decode-chat.ts';
import { decodeChatStream } from './reply/decode-chat-stream.ts';
import { asksForFunctionCall, withFunctionCall } from './reply/legacy-function-call.ts';
import { encodeChat } from './request/encode-chat.ts';

/** OpenAI's `chat/completions` over Anthropic's Messages API. */
export const chatCodec: Codec = {
  encode: encodeChat,
  decode(reply, scope) {
    const completion = decodeChat(reply, scope);
    return asksForFunctionCall(scope.request.body) ? withFunctionCall(completion) : completion;
  },
  decodeStream(scope) {
    const decoder = decodeChatStream(scope);
    return asksForFunctionCall(scope.request.body) ? mapChunks(decoder, withFunctionCall) : decoder;
  },
};

function mapChunks(decoder: StreamDecoder, change: (chunk: JsonObject) => JsonObject): StreamDecoder {
  return {
    push: (event, emit) => decoder.push(event, (chunk) => emit(change(chunk))),
    end: (emit) => decoder.end((chunk) => emit(change(chunk))),
  };
}
