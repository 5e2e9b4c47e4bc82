import { eventStream } from './event-stream.ts';
import { plainCodec } from './reply.ts';

/** `audio/speech`: the reply is the audio. Source: OpenAI API reference, "Create speech". */
export const speech = plainCodec({ path: '/audio/speech' }, undefined, { reply: 'bytes' });

/** `audio/transcriptions`. The `text`, `srt` and `vtt` formats are handed on as bytes. Source: OpenAI API reference, "Create transcription". */
export const transcriptions = plainCodec({ path: '/audio/transcriptions', encoding: 'form' }, undefined, {
  reply: 'auto',
  decodeStream: eventStream(['transcript.text.done']),
});

/** `audio/translations`, with the formats of {@link transcriptions}. Source: OpenAI API reference, "Create translation". */
export const translations = plainCodec({ path: '/audio/translations', encoding: 'form' }, undefined, { reply: 'auto' });
