import type * as anthropic from '@anthropic-ai/sdk/resources/messages';
import type {
  APIError,
  BadRequestError,
  Completion,
  CreateEmbeddingResponse,
  FileObject,
  ImageGenStreamEvent,
  ImagesResponse,
  InternalServerError,
  Message,
  MessageCreateParams,
  MessageStreamEvent,
  ParsedChatCompletion,
  Portkey,
  RateLimitError,
  ReplyFacts,
  ResponseObject,
  ResponseStreamEvent,
  Stream,
  Transcription,
  TranscriptionStreamEvent,
  TranscriptionVerbose,
} from 'modelmux';
import { zodResponseFormat } from 'modelmux';
import type OpenAI from 'openai';
import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';

declare const portkey: Portkey;
declare const file: File;
declare const streamed: boolean;

describe('what a call resolves to follows from its body', () => {
  it('completions and embeddings', () => {
    const body = { model: 'm', prompt: 'x' };
    expectTypeOf(portkey.completions.create(body)).resolves.toEqualTypeOf<Completion & ReplyFacts>();
    expectTypeOf(portkey.completions.create({ ...body, stream: true })).resolves.toEqualTypeOf<Stream<Completion>>();
    expectTypeOf(portkey.completions.create({ ...body, stream: streamed })).resolves.toEqualTypeOf<
      (Completion & ReplyFacts) | Stream<Completion>
    >();
    expectTypeOf(portkey.embeddings.create({ model: 'm', input: 'x' })).resolves.toEqualTypeOf<
      CreateEmbeddingResponse & ReplyFacts
    >();
    // @ts-expect-error: input is missing
    portkey.embeddings.create({ model: 'm' });
  });

  it('responses', () => {
    expectTypeOf(portkey.responses.create({ input: 'x' })).resolves.toEqualTypeOf<ResponseObject & ReplyFacts>();
    expectTypeOf(portkey.responses.create({ input: 'x', stream: true })).resolves.toEqualTypeOf<
      Stream<ResponseStreamEvent>
    >();
    expectTypeOf(portkey.responses.retrieve('resp_1')).resolves.toEqualTypeOf<ResponseObject & ReplyFacts>();
    expectTypeOf(portkey.responses.retrieve('resp_1', { stream: true })).resolves.toEqualTypeOf<
      Stream<ResponseStreamEvent>
    >();
  });

  it('images and audio', () => {
    expectTypeOf(portkey.images.generate({ prompt: 'x' })).resolves.toEqualTypeOf<ImagesResponse & ReplyFacts>();
    expectTypeOf(portkey.images.generate({ prompt: 'x', stream: true })).resolves.toEqualTypeOf<
      Stream<ImageGenStreamEvent>
    >();
    const body = { file, model: 'm' };
    const { transcriptions, translations, speech } = portkey.audio;
    expectTypeOf(transcriptions.create(body)).resolves.toEqualTypeOf<Transcription & ReplyFacts>();
    expectTypeOf(transcriptions.create({ ...body, response_format: 'verbose_json' })).resolves.toEqualTypeOf<
      TranscriptionVerbose & ReplyFacts
    >();
    expectTypeOf(transcriptions.create({ ...body, response_format: 'srt' })).resolves.toEqualTypeOf<string>();
    expectTypeOf(transcriptions.create({ ...body, stream: true })).resolves.toEqualTypeOf<
      Stream<TranscriptionStreamEvent>
    >();
    expectTypeOf(translations.create({ ...body, response_format: 'vtt' })).resolves.toEqualTypeOf<string>();
    expectTypeOf(speech.create({ model: 'm', voice: 'v', input: 'x' })).resolves.toEqualTypeOf<Response & ReplyFacts>();
  });

  it('messages', () => {
    const body = { model: 'm', max_tokens: 1, messages: [{ role: 'user' as const, content: 'x' }] };
    expectTypeOf(portkey.messages.create(body)).resolves.toEqualTypeOf<Message & ReplyFacts>();
    expectTypeOf(portkey.messages.create({ ...body, stream: true })).resolves.toEqualTypeOf<
      Stream<MessageStreamEvent>
    >();
    // @ts-expect-error: max_tokens is missing
    portkey.messages.create({ model: 'm', messages: [] });
  });

  it('raw calls', () => {
    expectTypeOf(portkey.get<{ id: string }>('/x')).resolves.toEqualTypeOf<{ id: string } & ReplyFacts>();
    expectTypeOf(portkey.get<string>('/x')).resolves.toEqualTypeOf<string>();
    expectTypeOf(portkey.post<{ type: string }>('/x', { stream: true })).resolves.toEqualTypeOf<
      Stream<{ type: string }>
    >();
    expectTypeOf(portkey.post('/x', { a: 1 })).resolves.toExtend<ReplyFacts>();
  });

  it('lists and parsed answers', () => {
    expectTypeOf(portkey.files.list()).toExtend<AsyncIterable<FileObject>>();
    const response_format = zodResponseFormat(z.object({ degrees: z.number() }), 'weather');
    expectTypeOf(portkey.chat.completions.parse({ model: 'm', messages: [], response_format })).resolves.toEqualTypeOf<
      ParsedChatCompletion<{ degrees: number }> & ReplyFacts
    >();
  });

  it('options come second and third everywhere', () => {
    const { signal } = new AbortController();
    portkey.embeddings.create({ model: 'm', input: 'x' }, { traceID: 't' }, { signal });
    portkey.files.list({ limit: 1 }, { traceID: 't' }, { signal });
    portkey.files.retrieve('file-1', { provider: 'openai' }, { timeout: 10 });
    portkey.delete('/x', { traceID: 't' }, { signal });
    // @ts-expect-error: no such option
    portkey.embeddings.create({ model: 'm', input: 'x' }, { tracId: 't' });
  });
});

describe('bodies typed by the openai package are taken', () => {
  it('by every endpoint', () => {
    const given = {} as {
      completion: OpenAI.CompletionCreateParamsNonStreaming;
      embedding: OpenAI.EmbeddingCreateParams;
      moderation: OpenAI.ModerationCreateParams;
      image: OpenAI.ImageGenerateParamsNonStreaming;
      speech: OpenAI.Audio.SpeechCreateParams;
      transcription: OpenAI.Audio.TranscriptionCreateParamsNonStreaming<'json'>;
      response: OpenAI.Responses.ResponseCreateParamsNonStreaming;
      streamed: OpenAI.Responses.ResponseCreateParamsStreaming;
      file: OpenAI.FileCreateParams;
      batch: OpenAI.BatchCreateParams;
    };
    portkey.completions.create(given.completion);
    portkey.embeddings.create(given.embedding);
    portkey.moderations.create(given.moderation);
    portkey.images.generate(given.image);
    portkey.audio.speech.create(given.speech);
    portkey.audio.transcriptions.create(given.transcription);
    portkey.responses.create(given.response);
    expectTypeOf(portkey.responses.create(given.streamed)).resolves.toEqualTypeOf<Stream<ResponseStreamEvent>>();
    portkey.files.create(given.file);
    portkey.batches.create(given.batch);
  });
});

describe("the Anthropic package's types fit ours", () => {
  it('requests and answers', () => {
    expectTypeOf<anthropic.MessageCreateParams>().toExtend<MessageCreateParams>();
    expectTypeOf<anthropic.Message>().toExtend<Message>();
    expectTypeOf<anthropic.RawMessageStreamEvent>().toExtend<MessageStreamEvent>();
  });
});

it('errors of a status have it as their type, as in the openai package', () => {
  expectTypeOf<RateLimitError['status']>().toEqualTypeOf<429>();
  expectTypeOf<BadRequestError['status']>().toEqualTypeOf<400>();
  expectTypeOf<InternalServerError['status']>().toEqualTypeOf<number>();
  expectTypeOf<APIError['status']>().toEqualTypeOf<number | undefined>();
});
