import type * as audio from 'openai/resources/audio/audio';
import type * as speech from 'openai/resources/audio/speech';
import type * as transcriptions from 'openai/resources/audio/transcriptions';
import type * as translations from 'openai/resources/audio/translations';
import type * as batches from 'openai/resources/batches';
import type * as completions from 'openai/resources/completions';
import type * as embeddings from 'openai/resources/embeddings';
import type * as files from 'openai/resources/files';
import type * as images from 'openai/resources/images';
import type * as moderations from 'openai/resources/moderations';
import { describe, expectTypeOf, it } from 'vitest';
import type * as ours from '../../../src/core/openai/index.ts';
import type { Given } from './given.ts';

describe("the openai package's types are ours", () => {
  it('completions', () => {
    expectTypeOf<completions.CompletionCreateParams>().toExtend<ours.CompletionCreateParams>();
    expectTypeOf<completions.Completion>().toExtend<ours.Completion>();
  });

  it('embeddings', () => {
    expectTypeOf<embeddings.EmbeddingCreateParams>().toExtend<ours.EmbeddingCreateParams>();
    expectTypeOf<embeddings.CreateEmbeddingResponse>().toEqualTypeOf<ours.CreateEmbeddingResponse>();
  });

  it('moderations', () => {
    expectTypeOf<moderations.ModerationCreateParams>().toExtend<ours.ModerationCreateParams>();
    expectTypeOf<moderations.ModerationCreateResponse>().toExtend<ours.ModerationCreateResponse>();
  });

  it('images', () => {
    expectTypeOf<images.ImageGenerateParams>().toExtend<ours.ImageGenerateParams>();
    expectTypeOf<images.ImageEditParams>().toExtend<ours.ImageEditParams>();
    expectTypeOf<images.ImageCreateVariationParams>().toExtend<ours.ImageCreateVariationParams>();
    expectTypeOf<images.ImagesResponse>().toExtend<ours.ImagesResponse>();
    expectTypeOf<images.ImageGenStreamEvent>().toExtend<ours.ImageGenStreamEvent>();
    expectTypeOf<images.ImageEditStreamEvent>().toExtend<ours.ImageEditStreamEvent>();
  });

  it('audio', () => {
    expectTypeOf<speech.SpeechCreateParams>().toExtend<ours.SpeechCreateParams>();
    expectTypeOf<transcriptions.TranscriptionCreateParams>().toExtend<ours.TranscriptionCreateParams>();
    expectTypeOf<transcriptions.TranscriptionCreateResponse>().toExtend<ours.TranscriptionCreateResponse>();
    expectTypeOf<transcriptions.TranscriptionStreamEvent>().toExtend<ours.TranscriptionStreamEvent>();
    expectTypeOf<translations.TranslationCreateParams>().toExtend<ours.TranslationCreateParams>();
    expectTypeOf<translations.TranslationCreateResponse>().toExtend<ours.TranslationCreateResponse>();
    expectTypeOf<audio.AudioResponseFormat>().toEqualTypeOf<ours.AudioResponseFormat>();
  });

  it('files and batches', () => {
    expectTypeOf<files.FileCreateParams>().toExtend<ours.FileCreateParams>();
    expectTypeOf<files.FileListParams>().toExtend<ours.FileListParams>();
    expectTypeOf<files.FileObject>().toExtend<ours.FileObject>();
    expectTypeOf<files.FileObjectsPage>().toExtend<ours.FileObjectsPage>();
    expectTypeOf<files.FileDeleted>().toEqualTypeOf<ours.FileDeleted>();
    expectTypeOf<batches.BatchCreateParams>().toExtend<ours.BatchCreateParams>();
    expectTypeOf<batches.BatchListParams>().toExtend<ours.BatchListParams>();
    expectTypeOf<batches.Batch>().toExtend<ours.Batch>();
    expectTypeOf<batches.BatchesPage>().toExtend<ours.BatchesPage>();
  });
});

describe("our types are the openai package's", () => {
  it('completions', () => {
    expectTypeOf<Given<ours.CompletionCreateParams>>().toExtend<completions.CompletionCreateParams>();
    expectTypeOf<ours.Completion>().toExtend<completions.Completion>();
    expectTypeOf<ours.CompletionUsage>().toExtend<completions.CompletionUsage>();
  });

  it('embeddings', () => {
    expectTypeOf<Given<ours.EmbeddingCreateParams>>().toExtend<embeddings.EmbeddingCreateParams>();
  });

  it('moderations', () => {
    expectTypeOf<Given<ours.ModerationCreateParams>>().toExtend<moderations.ModerationCreateParams>();
    expectTypeOf<ours.ModerationCreateResponse>().toExtend<moderations.ModerationCreateResponse>();
  });

  it('images', () => {
    expectTypeOf<Given<ours.ImageGenerateParams>>().toExtend<images.ImageGenerateParams>();
    expectTypeOf<ours.ImagesResponse>().toExtend<images.ImagesResponse>();
    expectTypeOf<ours.ImageGenStreamEvent>().toExtend<images.ImageGenStreamEvent>();
    expectTypeOf<ours.ImageEditStreamEvent>().toExtend<images.ImageEditStreamEvent>();
  });

  it('audio', () => {
    expectTypeOf<Given<ours.SpeechCreateParams>>().toExtend<speech.SpeechCreateParams>();
    expectTypeOf<ours.TranscriptionCreateResponse>().toExtend<transcriptions.TranscriptionCreateResponse>();
    expectTypeOf<ours.TranscriptionStreamEvent>().toExtend<transcriptions.TranscriptionStreamEvent>();
    expectTypeOf<ours.TranslationCreateResponse>().toExtend<translations.TranslationCreateResponse>();
  });

  it('files and batches', () => {
    expectTypeOf<Given<ours.FileListParams>>().toExtend<files.FileListParams>();
    expectTypeOf<ours.FileObject>().toExtend<files.FileObject>();
    expectTypeOf<Given<ours.BatchCreateParams>>().toExtend<batches.BatchCreateParams>();
    expectTypeOf<ours.Batch>().toExtend<batches.Batch>();
  });

  it('requests with a file, when it is a Blob', () => {
    type WithBlob<Params, Key extends keyof Params> = Given<Omit<Params, Key | 'mask' | 'markup'>> & Record<Key, Blob>;
    expectTypeOf<WithBlob<ours.FileCreateParams, 'file'>>().toExtend<files.FileCreateParams>();
    expectTypeOf<
      WithBlob<ours.TranscriptionCreateParamsStreaming, 'file'>
    >().toExtend<transcriptions.TranscriptionCreateParamsStreaming>();
    expectTypeOf<WithBlob<ours.TranslationCreateParams, 'file'>>().toExtend<translations.TranslationCreateParams>();
    expectTypeOf<WithBlob<ours.ImageEditParamsStreaming, 'image'>>().toExtend<images.ImageEditParamsStreaming>();
    expectTypeOf<WithBlob<ours.ImageCreateVariationParams, 'image'>>().toExtend<images.ImageCreateVariationParams>();
  });
});
