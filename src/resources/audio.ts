import type { SpeechCreateParams } from '../core/openai/index.ts';
import { type Transcriptions, transcriptions } from './audio-transcriptions.ts';
import { type Translations, translations } from './audio-translations.ts';
import type { Caller } from './caller.ts';
import { checkBody } from './check-body.ts';
import { type ReplyFacts, toResponse } from './reply-value.ts';
import type { ResponsePromise } from './response-promise.ts';
import { type CallArguments, send } from './send.ts';

/** `portkey.audio` */
export interface Audio {
  readonly speech: Speech;
  readonly transcriptions: Transcriptions;
  readonly translations: Translations;
}

/** `portkey.audio.speech` */
export interface Speech {
  /** The audio as a web `Response`: read it with `arrayBuffer()`, `blob()` or `body`. */
  create(body: SpeechCreateParams, ...args: CallArguments): ResponsePromise<Response & ReplyFacts>;
}

/** The audio resource of a client. */
export function audio(caller: Caller): Audio {
  const speech: Speech = {
    create: (body, ...args) =>
      send(caller, () => ({ endpoint: 'audio/speech', body: checkBody(body, 'Speech', { input }) }), args, toResponse),
  };
  return { speech, transcriptions: transcriptions(caller), translations: translations(caller) };
}

const input = '"Good morning!"';
