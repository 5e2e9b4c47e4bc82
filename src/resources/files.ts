import type { FileCreateParams, FileDeleted, FileListParams, FileObject } from '../core/openai/index.ts';
import { objectPath } from './call-path.ts';
import type { Caller } from './caller.ts';
import { checkBody } from './check-body.ts';
import { firstPage, type Page, type PagePromise, toPage } from './page.ts';
import { type ReplyFacts, toResponse, toWhole } from './reply-value.ts';
import type { ResponsePromise } from './response-promise.ts';
import { type CallArguments, send } from './send.ts';
import { withFiles } from './uploads.ts';

/** `portkey.files` */
export interface Files {
  create(body: FileCreateParams, ...args: CallArguments): ResponsePromise<FileObject & ReplyFacts>;
  list(query?: FileListParams, ...args: CallArguments): PagePromise<FileObject>;
  retrieve(id: string, ...args: CallArguments): ResponsePromise<FileObject & ReplyFacts>;
  delete(id: string, ...args: CallArguments): ResponsePromise<FileDeleted & ReplyFacts>;
  /** What is in the file, as a web `Response`. */
  content(id: string, ...args: CallArguments): ResponsePromise<Response & ReplyFacts>;
}

/** The files resource of a client. */
export function files(caller: Caller): Files {
  const page = (query: FileListParams, args: CallArguments): ResponsePromise<Page<FileObject>> =>
    send(
      caller,
      () => ({ endpoint: 'files', method: 'GET', body: { ...query } }),
      args,
      (served) => toPage<FileObject>(served, (after) => page({ ...query, after }, args)),
    );
  return {
    create: (body, ...args) =>
      send(
        caller,
        async () => ({
          endpoint: 'files',
          method: 'POST',
          body: await withFiles(checkBody(body, 'A file', examples), ['file']),
        }),
        args,
        toWhole<FileObject>,
      ),
    list: (query = {}, ...args) => firstPage(page(query, args)),
    retrieve: (id, ...args) => send(caller, () => get(id), args, toWhole<FileObject>),
    delete: (id, ...args) => send(caller, () => ({ ...get(id), method: 'DELETE' }), args, toWhole<FileDeleted>),
    content: (id, ...args) => send(caller, () => get(id, 'content'), args, toResponse),
  };
}

const examples = { file: 'fs.createReadStream("requests.jsonl")', purpose: '"batch"' };

function get(id: string, below?: string) {
  return { endpoint: 'files', method: 'GET', path: objectPath('files', id, below), body: {} } as const;
}
