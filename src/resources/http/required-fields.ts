import type { Endpoint } from '../../core/endpoint.ts';
import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import type { ModelRequest } from '../../core/handler.ts';
import { checkBody } from '../check-body.ts';

type Examples = Readonly<Record<string, string>>;

const messages = '[{ "role": "user", "content": "Hello" }]';

/** What no config can supply, with an example of each. */
const required: Readonly<Partial<Record<Endpoint, readonly [what: string, examples: Examples]>>> = {
  'chat/completions': ['A chat completion', { messages }],
  messages: ['A message', { messages }],
  completions: ['A completion', { prompt: '"Once upon a time"' }],
  embeddings: ['An embedding', { input: '"The quick brown fox"' }],
  moderations: ['A moderation', { input: '"Text to judge"' }],
  'audio/speech': ['Speech', { input: '"Good morning!"' }],
  'audio/transcriptions': ['A transcription', { file: 'a file in multipart/form-data' }],
  'audio/translations': ['A translation', { file: 'a file in multipart/form-data' }],
  'images/generations': ['An image', { prompt: '"A lighthouse at dusk"' }],
};

/** Throws `InvalidRequestError` for a call that no target could answer. */
export function checkRequired({ endpoint, path, body }: ModelRequest): void {
  const rule = path === undefined ? required[endpoint] : undefined;
  if (rule === undefined) return;
  checkBody(body, ...rule);
  if ('messages' in rule[1] && !Array.isArray(body.messages))
    throw new InvalidRequestError('messages', `"messages" must be a list, such as ${messages}.`);
}
