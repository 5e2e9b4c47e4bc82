import type { Codec } from '../../../core/provider.ts';
import { toCall } from './call.ts';
import { toReplyObject } from './reply.ts';

/** `models`: the list, or one model by `path`. Together and others answer with a bare list. Source: OpenAI API reference, "Models". */
export const models: Codec = {
  encode: (body, scope) => toCall({ path: '/models', method: 'GET' }, body, scope),
  decode: (reply) => toReplyObject(Array.isArray(reply) ? { object: 'list', data: reply } : reply),
};

/** `files`: an upload when the body holds fields, else the list; one file, or its content as bytes, by `path`. Source: OpenAI API reference, "Files". */
export const files: Codec = {
  encode: (body, scope) =>
    toCall({ path: '/files', method: isEmpty(body) ? 'GET' : 'POST', encoding: 'form' }, body, scope),
  decode: toReplyObject,
  // A file may hold JSON: it is not the API's then.
  reply: ({ request: { path = '' } }) => (/^\/files\/[^/]+\/content$/.test(path) ? 'bytes' : 'json'),
};

/** `batches`: a new batch when the body holds fields, else the list; one batch by `path`. Source: OpenAI API reference, "Batch". */
export const batches: Codec = {
  encode: (body, scope) => toCall({ path: '/batches', method: isEmpty(body) ? 'GET' : 'POST' }, body, scope),
  decode: toReplyObject,
};

function isEmpty(body: object): boolean {
  return Object.keys(body).length === 0;
}
