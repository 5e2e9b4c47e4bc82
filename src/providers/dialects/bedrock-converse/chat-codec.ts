import type { Codec } from '../../../core/provider.ts';
import { decodeChat } from './reply/chat-reply.ts';
import { decodeChatStream } from './reply/chat-stream.ts';
import { encodeChat } from './request/chat-request.ts';

/** Chat completions over `Converse` and `ConverseStream`. */
export const chatCodec: Codec = { encode: encodeChat, decode: decodeChat, decodeStream: decodeChatStream };
