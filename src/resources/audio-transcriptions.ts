import type {
  Transcription,
  TranscriptionCreateParams,
  TranscriptionCreateParamsNonStreaming,
  TranscriptionCreateParamsStreaming,
  TranscriptionCreateResponse,
  TranscriptionDiarized,
  TranscriptionStreamEvent,
  TranscriptionVerbose,
} from '../core/openai/index.ts';
import type { Caller } from './caller.ts';
import { checkBody } from './check-body.ts';
import { type ReplyFacts, toObjectOrText } from './reply-value.ts';
import type { ResponsePromise } from './response-promise.ts';
import { type CallArguments, send } from './send.ts';
import type { ServedReply } from './served-reply.ts';
import { type Stream, streamOf } from './stream.ts';
import { withFiles } from './uploads.ts';

/** `portkey.audio.transcriptions`. What comes back follows from `response_format`: an object, or for `text`, `srt` and `vtt` a text. */
export interface Transcriptions {
  create(
    body: TranscriptionCreateParamsNonStreaming<'json' | undefined>,
    ...args: CallArguments
  ): ResponsePromise<Transcription & ReplyFacts>;
  create(
    body: TranscriptionCreateParamsNonStreaming<'verbose_json'>,
    ...args: CallArguments
  ): ResponsePromise<TranscriptionVerbose & ReplyFacts>;
  create(
    body: TranscriptionCreateParamsNonStreaming<'diarized_json'>,
    ...args: CallArguments
  ): ResponsePromise<TranscriptionDiarized & ReplyFacts>;
  create(
    body: TranscriptionCreateParamsNonStreaming<'text' | 'srt' | 'vtt'>,
    ...args: CallArguments
  ): ResponsePromise<string>;
  create(
    body: TranscriptionCreateParamsStreaming,
    ...args: CallArguments
  ): ResponsePromise<Stream<TranscriptionStreamEvent>>;
  create(body: TranscriptionCreateParams, ...args: CallArguments): ResponsePromise<Transcribed>;
}

type Transcribed = (TranscriptionCreateResponse & ReplyFacts) | string | Stream<TranscriptionStreamEvent>;

/** The transcriptions resource of a client. */
export function transcriptions(caller: Caller): Transcriptions {
  const create = (body: TranscriptionCreateParams, ...args: CallArguments) =>
    send(
      caller,
      async () => {
        const checked = checkBody(body, 'A transcription', { file: 'fs.createReadStream("speech.mp3")' });
        return { endpoint: 'audio/transcriptions', body: await withFiles(checked, ['file']) };
      },
      args,
      transcribed,
    );
  return { create: create as Transcriptions['create'] };
}

function transcribed(served: ServedReply): Transcribed | null {
  return served.reply.body.kind === 'stream'
    ? streamOf<TranscriptionStreamEvent>(served)
    : toObjectOrText<TranscriptionCreateResponse>(served);
}
