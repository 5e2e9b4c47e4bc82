import { isJsonObject } from '../../../core/json.ts';
import { promptOf } from '../prompt.ts';
import type { Call, Operation } from '../wire-format.ts';
import { speech, transcription } from './audio.ts';
import { chatChunks, chatCompletion } from './chat.ts';
import { chatParameters } from './chat-parameters.ts';
import { checkKnown } from './check.ts';
import { checkChat } from './check-chat.ts';
import { completions } from './completions.ts';
import { embeddings } from './embeddings.ts';
import { images } from './images.ts';
import { moderations } from './moderations.ts';
import { responses } from './responses.ts';

/** Chat completions as any OpenAI-compatible provider serves them. */
export const chat: Operation = {
  check: checkChat,
  prompt: ({ body }) => promptOf(body.messages, { wantsJson: wantsJson(body.response_format) }),
  reply: (call, answer) => ({ json: chatCompletion(call, answer) }),
  events: chatChunks,
};

/** Chat completions as OpenAI itself serves them: parameters it does not know are refused. */
export const strictChat: Operation = {
  ...chat,
  check: (call: Call) => checkChat(call) ?? checkKnown(call.body, chatParameters),
};

/** Operations by path below `/v1`; chat completions aside. */
export const operations: Readonly<Record<string, Operation>> = {
  '/completions': completions,
  '/embeddings': embeddings,
  '/responses': responses,
  '/moderations': moderations,
  '/images/generations': images,
  '/audio/speech': speech,
  '/audio/transcriptions': transcription,
  '/audio/translations': transcription,
};

function wantsJson(format: unknown): boolean {
  return isJsonObject(format) && (format.type === 'json_object' || format.type === 'json_schema');
}
