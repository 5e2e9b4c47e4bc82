import type { Uploadable } from './uploads.ts';

/** Body of `POST /audio/speech` (OpenAI API reference, Create speech). The answer is sound. */
export interface SpeechCreateParams {
  /** At most 4096 characters. */
  input: string;
  model: string;
  /** `alloy`, `ash`, …, or a custom voice by ID. */
  voice: string | { id: string };
  instructions?: string | undefined;
  response_format?: 'mp3' | 'opus' | 'aac' | 'flac' | 'wav' | 'pcm' | undefined;
  /** 0.25 to 4. */
  speed?: number | undefined;
  stream_format?: 'sse' | 'audio' | undefined;
}

/** Forms of a transcript. */
export type AudioResponseFormat = 'json' | 'text' | 'srt' | 'verbose_json' | 'vtt' | 'diarized_json';

/** Body of `POST /audio/transcriptions` (OpenAI API reference, Create transcription). */
export type TranscriptionCreateParams<
  Format extends AudioResponseFormat | undefined = AudioResponseFormat | undefined,
> = TranscriptionCreateParamsNonStreaming<Format> | TranscriptionCreateParamsStreaming;

/** A request answered at once. */
export interface TranscriptionCreateParamsNonStreaming<
  Format extends AudioResponseFormat | undefined = AudioResponseFormat | undefined,
> extends TranscriptionCreateParamsBase<Format> {
  stream?: false | null | undefined;
}

/** A request answered with a stream of `TranscriptionStreamEvent`. */
export interface TranscriptionCreateParamsStreaming extends TranscriptionCreateParamsBase {
  stream: true;
}

/** What both kinds of request share. */
export interface TranscriptionCreateParamsBase<
  Format extends AudioResponseFormat | undefined = AudioResponseFormat | undefined,
> {
  file: Uploadable;
  model: string;
  chunking_strategy?: 'auto' | VoiceActivityDetection | null | undefined;
  include?: 'logprobs'[] | undefined;
  keywords?: string[] | undefined;
  known_speaker_names?: string[] | undefined;
  known_speaker_references?: string[] | undefined;
  /** ISO 639-1, as `en`. */
  language?: string | undefined;
  languages?: string[] | undefined;
  prompt?: string | undefined;
  response_format?: Format | undefined;
  stream?: boolean | null | undefined;
  /** 0 to 1. */
  temperature?: number | undefined;
  timestamp_granularities?: ('word' | 'segment')[] | undefined;
}

/** How the server finds pauses. */
export interface VoiceActivityDetection {
  type: 'server_vad';
  prefix_padding_ms?: number | undefined;
  silence_duration_ms?: number | undefined;
  threshold?: number | undefined;
}

/** A transcript in one of its JSON forms; `text`, `srt` and `vtt` are plain text. */
export type TranscriptionCreateResponse = Transcription | TranscriptionDiarized | TranscriptionVerbose;

/** A transcript (`json`). */
export interface Transcription {
  text: string;
  languages?: { code: string }[];
  logprobs?: TranscriptionLogprob[];
  usage?: TranscriptionTokens | TranscriptionDuration;
}

/** A transcript by speaker (`diarized_json`). */
export interface TranscriptionDiarized {
  task: 'transcribe';
  text: string;
  /** Seconds. */
  duration: number;
  segments: TranscriptionTextSegmentEvent[];
  usage?: TranscriptionTokens | TranscriptionDuration;
}

/** A transcript with times (`verbose_json`). */
export interface TranscriptionVerbose {
  text: string;
  language: string;
  /** Seconds. */
  duration: number;
  segments?: TranscriptionSegment[];
  words?: TranscriptionWord[];
  usage?: TranscriptionDuration;
}

/** A stretch of a transcript; times in seconds. */
export interface TranscriptionSegment {
  id: number;
  seek: number;
  start: number;
  end: number;
  text: string;
  tokens: number[];
  temperature: number;
  avg_logprob: number;
  compression_ratio: number;
  no_speech_prob: number;
}

/** A word; times in seconds. */
export interface TranscriptionWord {
  word: string;
  start: number;
  end: number;
}

/** A token's log probability. */
export interface TranscriptionLogprob {
  token?: string;
  bytes?: number[];
  logprob?: number;
}

/** Usage billed by token. */
export interface TranscriptionTokens {
  type: 'tokens';
  input_tokens: number;
  output_tokens: number;
  total_tokens: number;
  input_token_details?: { audio_tokens?: number; text_tokens?: number };
}

/** Usage billed by time. */
export interface TranscriptionDuration {
  type: 'duration';
  seconds: number;
}

/** An event of a streamed transcription. */
export type TranscriptionStreamEvent =
  | TranscriptionTextSegmentEvent
  | TranscriptionTextDeltaEvent
  | TranscriptionTextDoneEvent;

/** What one speaker said; times in seconds. */
export interface TranscriptionTextSegmentEvent {
  type: 'transcript.text.segment';
  id: string;
  speaker: string;
  start: number;
  end: number;
  text: string;
}

/** Text that is new. */
export interface TranscriptionTextDeltaEvent {
  type: 'transcript.text.delta';
  delta: string;
  logprobs?: TranscriptionLogprob[];
  segment_id?: string;
}

/** The whole text. */
export interface TranscriptionTextDoneEvent {
  type: 'transcript.text.done';
  text: string;
  languages?: { code: string }[];
  logprobs?: TranscriptionLogprob[];
  usage?: TranscriptionTokens;
}

/** Body of `POST /audio/translations`: like a transcription, into English. */
export interface TranslationCreateParams {
  file: Uploadable;
  model: string;
  prompt?: string | undefined;
  response_format?: 'json' | 'text' | 'srt' | 'verbose_json' | 'vtt' | undefined;
  temperature?: number | undefined;
}

/** A translation in one of its JSON forms; `text`, `srt` and `vtt` are plain text. */
export type TranslationCreateResponse = Translation | TranslationVerbose;

/** A translation (`json`). */
export interface Translation {
  text: string;
}

/** A translation with times (`verbose_json`). */
export interface TranslationVerbose {
  text: string;
  language: string;
  /** Seconds. */
  duration: number;
  segments?: TranscriptionSegment[];
}
