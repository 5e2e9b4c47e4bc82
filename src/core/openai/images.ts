import type { Uploadable } from './uploads.ts';

/** Body of `POST /images/generations` (OpenAI API reference, Create image). */
export type ImageGenerateParams = ImageGenerateParamsNonStreaming | ImageGenerateParamsStreaming;

/** A request answered at once. */
export interface ImageGenerateParamsNonStreaming extends ImageGenerateParamsBase {
  stream?: false | null | undefined;
}

/** A request answered with a stream of `ImageGenStreamEvent`. */
export interface ImageGenerateParamsStreaming extends ImageGenerateParamsBase {
  stream: true;
}

/** What both kinds of request share. Which values are valid depends on the model. */
export interface ImageGenerateParamsBase extends ImageOptions {
  prompt: string;
  moderation?: 'low' | 'auto' | null | undefined;
  output_format?: 'png' | 'jpeg' | 'webp' | 'gif' | 'svg' | null | undefined;
  quality?: ImageQuality | 'auto' | 'standard' | 'hd' | null | undefined;
  style?: 'vivid' | 'natural' | null | undefined;
  svg?:
    | { model: string; reasoning?: { effort?: ImageEffort | null | undefined } | null | undefined }
    | null
    | undefined;
}

/** Body of `POST /images/edits`. */
export type ImageEditParams = ImageEditParamsNonStreaming | ImageEditParamsStreaming;

/** A request answered at once. */
export interface ImageEditParamsNonStreaming extends ImageEditParamsBase {
  stream?: false | null | undefined;
}

/** A request answered with a stream of `ImageEditStreamEvent`. */
export interface ImageEditParamsStreaming extends ImageEditParamsBase {
  stream: true;
}

/** What both kinds of request share. Which values are valid depends on the model. */
export interface ImageEditParamsBase extends ImageOptions {
  image: Uploadable | Uploadable[];
  prompt: string;
  input_fidelity?: 'high' | 'low' | null | undefined;
  /** Marks drawn over the image. */
  markup?: Uploadable | undefined;
  /** Transparent where the image is to change. */
  mask?: Uploadable | undefined;
  output_format?: 'png' | 'jpeg' | 'webp' | 'gif' | null | undefined;
  quality?: ImageQuality | 'auto' | 'standard' | null | undefined;
}

/** Body of `POST /images/variations`. */
export interface ImageCreateVariationParams {
  image: Uploadable;
  model?: string | null | undefined;
  n?: number | null | undefined;
  response_format?: 'url' | 'b64_json' | null | undefined;
  size?: '256x256' | '512x512' | '1024x1024' | null | undefined;
  user?: string | undefined;
}

interface ImageOptions {
  model?: string | null | undefined;
  background?: 'transparent' | 'opaque' | 'auto' | null | undefined;
  complexity?: 'low' | 'medium' | 'high' | null | undefined;
  frame_count?: number | null | undefined;
  frame_duration_ms?: number | null | undefined;
  n?: number | null | undefined;
  /** 0 to 100. */
  output_compression?: number | null | undefined;
  partial_images?: number | null | undefined;
  response_format?: 'url' | 'b64_json' | null | undefined;
  safety_identifier?: string | null | undefined;
  /** `1024x1024`, …, or `auto`. */
  size?: string | null | undefined;
  stream?: boolean | null | undefined;
  user?: string | undefined;
}

type ImageQuality = 'low' | 'medium' | 'high' | 'xhigh' | 'max';
type ImageEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** Images made. */
export interface ImagesResponse {
  /** Seconds since the epoch. */
  created: number;
  data?: Image[];
  background?: 'transparent' | 'opaque';
  output_format?: 'png' | 'webp' | 'jpeg' | 'gif' | 'svg';
  quality?: ImageQuality;
  safety_identifier?: string | null;
  size?: string;
  svg_usage?: {
    input_tokens: number;
    model: string;
    output_tokens: number;
    reasoning_tokens: number;
    total_tokens: number;
  };
  usage?: ImageUsage & { output_tokens_details?: ImageUsage.Details };
}

/** One image: `url` or `b64_json`, as asked for. */
export interface Image {
  b64_json?: string;
  url?: string;
  revised_prompt?: string;
}

/** Tokens of a request for images. */
export interface ImageUsage {
  input_tokens: number;
  input_tokens_details: ImageUsage.Details;
  output_tokens: number;
  total_tokens: number;
}

export declare namespace ImageUsage {
  /** Tokens by what they stand for. */
  interface Details {
    image_tokens: number;
    text_tokens: number;
  }
}

/** An event of a streamed generation. */
export type ImageGenStreamEvent = ImageGenPartialImageEvent | ImageGenCompletedEvent;

/** An unfinished image. */
export interface ImageGenPartialImageEvent extends ImageEvent {
  type: 'image_generation.partial_image';
  partial_image_index: number;
}

/** The finished image. */
export interface ImageGenCompletedEvent extends ImageEvent {
  type: 'image_generation.completed';
  usage: ImageUsage;
  safety_identifier?: string | null;
}

/** An event of a streamed edit. */
export type ImageEditStreamEvent = ImageEditPartialImageEvent | ImageEditCompletedEvent;

/** An unfinished image. */
export interface ImageEditPartialImageEvent extends ImageEvent {
  type: 'image_edit.partial_image';
  partial_image_index: number;
}

/** The finished image. */
export interface ImageEditCompletedEvent extends ImageEvent {
  type: 'image_edit.completed';
  usage: ImageUsage;
  safety_identifier?: string | null;
}

interface ImageEvent {
  b64_json: string;
  background: 'transparent' | 'opaque' | 'auto';
  /** Seconds since the epoch. */
  created_at: number;
  output_format: 'png' | 'webp' | 'jpeg';
  quality: ImageQuality | 'auto';
  size: string;
}
