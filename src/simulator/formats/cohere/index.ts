import { bearerKey } from '../keys.ts';
import { defaultDimensions, unitVector } from '../vectors.ts';
import type { Call, Operation, Route, WireFormat } from '../wire-format.ts';
import { chat } from './chat.ts';
import { cohereErrorEvent, cohereFailure } from './errors.ts';

/** Cohere (Cohere API reference, v2): chat and embeddings; bearer key. */
export const cohere: WireFormat = {
  basePath: '',
  readKey: ({ headers }) => bearerKey(headers),
  route,
  idHeaders: (requestId) => ['x-debug-trace-id', requestId],
  failure: cohereFailure,
  errorEvent: cohereErrorEvent,
};

function route({ method, path, body }: Call): Route | undefined {
  if (method !== 'POST') return undefined;
  const model = typeof body.model === 'string' ? body.model : undefined;
  if (path === '/v2/chat') return { operation: chat, model, stream: body.stream === true };
  return path === '/v2/embed' ? { operation: embed, model, stream: false } : undefined;
}

const embed: Operation = {
  check({ body }) {
    const absent = ['model', 'texts', 'input_type'].find((name) => body[name] === undefined);
    return absent === undefined
      ? undefined
      : { kind: 'invalid_request', message: `invalid request: ${absent} is required.` };
  },
  reply({ body }, { id, model, usage }) {
    const texts = Array.isArray(body.texts) ? body.texts.map(String) : [];
    const size = typeof body.output_dimension === 'number' ? body.output_dimension : defaultDimensions;
    return {
      json: {
        id,
        embeddings: { float: texts.map((text) => unitVector(`${model}/${text}`, size)) },
        texts,
        meta: { api_version: { version: '2' }, billed_units: { input_tokens: usage?.inputTokens ?? 0 } },
        response_type: 'embeddings_by_type',
      },
    };
  },
};
