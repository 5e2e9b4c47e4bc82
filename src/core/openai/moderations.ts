/** Body of `POST /moderations` (OpenAI API reference, Create moderation). */
export interface ModerationCreateParams {
  input: string | string[] | ModerationMultiModalInput[];
  model?: string | undefined;
}

/** One input of several kinds. */
export type ModerationMultiModalInput =
  | { type: 'text'; text: string }
  | { type: 'image_url'; image_url: { url: string } };

/** A judgement of each input. */
export interface ModerationCreateResponse {
  id: string;
  model: string;
  results: Moderation[];
}

/** What one input was found to be. */
export interface Moderation {
  /** True when any category is. */
  flagged: boolean;
  categories: ByCategory<boolean, boolean | null>;
  category_applied_input_types: AppliedInputTypes;
  /** 0 to 1. */
  category_scores: ByCategory<number, number>;
}

/** Older moderation models do not know `illicit`. */
type ByCategory<Value, Illicit> = { [Key in TextCategory | MultiModalCategory]: Value } & {
  [Key in IllicitCategory]: Illicit;
};
type AppliedInputTypes = { [Key in TextCategory | IllicitCategory]: 'text'[] } & {
  [Key in MultiModalCategory]: ('text' | 'image')[];
};
type IllicitCategory = 'illicit' | 'illicit/violent';
type TextCategory = 'harassment' | 'harassment/threatening' | 'hate' | 'hate/threatening' | 'sexual/minors';
type MultiModalCategory =
  | 'self-harm'
  | 'self-harm/instructions'
  | 'self-harm/intent'
  | 'sexual'
  | 'violence'
  | 'violence/graphic';
