import type { Cacheable } from './extensions.ts';

/** One part of a user message. */
export type ChatCompletionContentPart =
  | ChatCompletionContentPartText
  | ChatCompletionContentPartImage
  | ChatCompletionContentPartInputAudio
  | ChatCompletionContentPart.File;

export declare namespace ChatCompletionContentPart {
  /** A document, inline or uploaded before. */
  interface File extends PartOptions {
    type: 'file';
    file: File.File;
  }

  namespace File {
    /** Exactly one of `file_data`, `file_id` and `file_url`. */
    interface File {
      /** A `data:` URL, or base64. */
      file_data?: string | undefined;
      file_id?: string | undefined;
      filename?: string | undefined;
      /** Portkey's: where the provider itself fetches the file. */
      file_url?: string | undefined;
      /** Portkey's: type of what `file_url` names. */
      mime_type?: string | undefined;
    }
  }
}

/** Text. */
export interface ChatCompletionContentPartText extends PartOptions {
  type: 'text';
  text: string;
}

/** An image. */
export interface ChatCompletionContentPartImage extends PartOptions {
  type: 'image_url';
  image_url: ChatCompletionContentPartImage.ImageURL;
}

export declare namespace ChatCompletionContentPartImage {
  /** Where the image is: `https:`, or a `data:` URL with base64. */
  interface ImageURL {
    url: string;
    detail?: 'auto' | 'low' | 'high' | 'original' | undefined;
    /** Portkey's: type of what `url` names, for Gemini and `gs:` URLs. */
    mime_type?: string | undefined;
  }
}

/** Sound. */
export interface ChatCompletionContentPartInputAudio extends PartOptions {
  type: 'input_audio';
  input_audio: {
    /** Base64. */
    data: string;
    format: 'wav' | 'mp3';
  };
}

/** Text in which the model declines. */
export interface ChatCompletionContentPartRefusal {
  type: 'refusal';
  refusal: string;
}

/** What any part of a prompt may carry. */
interface PartOptions extends Cacheable {
  /** OpenAI's mark of the end of a prefix worth caching. */
  prompt_cache_breakpoint?: PromptCacheBreakpoint | undefined;
}

/** OpenAI's mark of the end of a prefix worth caching. */
export interface PromptCacheBreakpoint {
  mode: 'explicit';
  ttl?: '30m' | '12h';
}
