/** Body of `POST /embeddings` (OpenAI API reference, Create embeddings). */
export interface EmbeddingCreateParams {
  /** Text, texts, or the same as token IDs. */
  input: string | string[] | number[] | number[][];
  model: string;
  dimensions?: number | undefined;
  encoding_format?: 'float' | 'base64' | undefined;
  user?: string | undefined;
}

/** One vector for each input, in order. */
export interface CreateEmbeddingResponse {
  object: 'list';
  model: string;
  data: Embedding[];
  usage: { prompt_tokens: number; total_tokens: number };
}

/** A vector. `index` is the place of its input. */
export interface Embedding {
  object: 'embedding';
  index: number;
  /** With `encoding_format: 'base64'` the provider sends text instead: little-endian 32-bit floats in base64. */
  embedding: number[];
}
