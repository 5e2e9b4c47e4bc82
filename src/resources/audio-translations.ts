import type {
  Translation,
  TranslationCreateParams,
  TranslationCreateResponse,
  TranslationVerbose,
} from '../core/openai/index.ts';
import type { Caller } from './caller.ts';
import { checkBody } from './check-body.ts';
import { type ReplyFacts, toObjectOrText } from './reply-value.ts';
import type { ResponsePromise } from './response-promise.ts';
import { type CallArguments, send } from './send.ts';
import { withFiles } from './uploads.ts';

/** `portkey.audio.translations`. What comes back follows from `response_format`, as with transcriptions. */
export interface Translations {
  create(body: Asking<'json' | undefined>, ...args: CallArguments): ResponsePromise<Translation & ReplyFacts>;
  create(body: Asking<'verbose_json'>, ...args: CallArguments): ResponsePromise<TranslationVerbose & ReplyFacts>;
  create(body: Asking<'text' | 'srt' | 'vtt'>, ...args: CallArguments): ResponsePromise<string>;
  create(
    body: TranslationCreateParams,
    ...args: CallArguments
  ): ResponsePromise<(TranslationCreateResponse & ReplyFacts) | string>;
}

type Asking<Format> = Omit<TranslationCreateParams, 'response_format'> &
  (undefined extends Format ? { response_format?: Format } : { response_format: Format });

/** The translations resource of a client. */
export function translations(caller: Caller): Translations {
  const create = (body: TranslationCreateParams, ...args: CallArguments) =>
    send(
      caller,
      async () => {
        const checked = checkBody(body, 'A translation', { file: 'fs.createReadStream("speech.mp3")' });
        return { endpoint: 'audio/translations', body: await withFiles(checked, ['file']) };
      },
      args,
      toObjectOrText<TranslationCreateResponse>,
    );
  return { create: create as Translations['create'] };
}
