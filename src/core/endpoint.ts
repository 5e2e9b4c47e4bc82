/**
 * What a request asks for, named by OpenAI's path below `/v1/`. `messages` is Anthropic's shape over any target,
 * `proxy` any other path of the provider, passed on as it is.
 */
export const endpoints = [
  'chat/completions',
  'completions',
  'embeddings',
  'responses',
  'images/generations',
  'images/edits',
  'images/variations',
  'audio/speech',
  'audio/transcriptions',
  'audio/translations',
  'moderations',
  'models',
  'files',
  'batches',
  'messages',
  'proxy',
] as const;

/** One of {@link endpoints}. */
export type Endpoint = (typeof endpoints)[number];
