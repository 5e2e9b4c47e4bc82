import type { Operation } from '../wire-format.ts';
import { checkRequired } from './check.ts';

/** Speech (OpenAI API reference, "Create speech"): a tenth of a second of silence as WAV, whatever format is asked for. */
export const speech: Operation = {
  check: ({ body }) => checkRequired(body, ['model', 'input', 'voice']),
  reply: () => ({ bytes: silence, type: 'audio/wav' }),
};

/** Transcriptions and translations (OpenAI API reference, "Audio"): the answer's text. */
export const transcription: Operation = {
  check: ({ body }) => checkRequired(body, ['file', 'model']),
  reply: ({ body }, answer) =>
    body.response_format === 'text'
      ? { bytes: `${answer.text}\n`, type: 'text/plain; charset=utf-8' }
      : { json: { text: answer.text } },
};

/** Microsoft's RIFF WAVE: PCM, one channel, 8 bits, 8 kHz, 800 samples. */
const silence = wav(8000, 800);

function wav(rate: number, samples: number): Buffer {
  const bytes = Buffer.alloc(44 + samples, 0x80);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + samples, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate, 28);
  bytes.writeUInt16LE(1, 32);
  bytes.writeUInt16LE(8, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(samples, 40);
  return bytes;
}
