import { InvalidRequestError } from '../core/errors/request-errors.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import type {
  ResponseCreateParams,
  ResponseCreateParamsNonStreaming,
  ResponseCreateParamsStreaming,
  ResponseIncludable,
  ResponseObject,
  ResponseStreamEvent,
} from '../core/openai/index.ts';
import { objectPath } from './call-path.ts';
import type { Caller } from './caller.ts';
import { type ReplyFacts, toWhole, withFactsOf } from './reply-value.ts';
import { type ParsedResponse, type ParsedText, parseResponse } from './response-parse.ts';
import type { ResponsePromise } from './response-promise.ts';
import { type CallArguments, send } from './send.ts';
import type { ServedReply } from './served-reply.ts';
import { type Stream, streamOf } from './stream.ts';

/** `portkey.responses`. Providers without this API answer `create` over their chat completions; they keep no responses. */
export interface Responses {
  create(body: ResponseCreateParamsNonStreaming, ...args: CallArguments): ResponsePromise<ResponseObject & ReplyFacts>;
  create(body: ResponseCreateParamsStreaming, ...args: CallArguments): ResponsePromise<Stream<ResponseStreamEvent>>;
  create(body: ResponseCreateParams, ...args: CallArguments): ResponsePromise<Responded>;
  /** `create`, and the answer parsed as its `text.format` and tools say. */
  parse<Params extends ResponseCreateParamsNonStreaming>(
    body: Params,
    ...args: CallArguments
  ): ResponsePromise<ParsedResponse<ParsedText<Params>> & ReplyFacts>;
  retrieve(
    id: string,
    query?: ResponseRetrieveParams & { readonly stream?: false | undefined },
    ...args: CallArguments
  ): ResponsePromise<ResponseObject & ReplyFacts>;
  retrieve(
    id: string,
    query: ResponseRetrieveParams & { readonly stream: true },
    ...args: CallArguments
  ): ResponsePromise<Stream<ResponseStreamEvent>>;
  retrieve(id: string, query?: ResponseRetrieveParams, ...args: CallArguments): ResponsePromise<Responded>;
  delete(id: string, ...args: CallArguments): ResponsePromise<ResponseDeleted & ReplyFacts>;
  /** Ends a response that is made in the background. */
  cancel(id: string, ...args: CallArguments): ResponsePromise<ResponseObject & ReplyFacts>;
}

/** Query of `GET /responses/{id}` (OpenAI API reference, Get a model response). */
export interface ResponseRetrieveParams {
  readonly include?: readonly ResponseIncludable[] | undefined;
  readonly include_obfuscation?: boolean | undefined;
  /** Streams the events after the one with this number. */
  readonly starting_after?: number | undefined;
  readonly stream?: boolean | undefined;
}

/** A response was deleted. */
export interface ResponseDeleted {
  id: string;
  object: string;
  deleted: boolean;
}

type Responded = (ResponseObject & ReplyFacts) | Stream<ResponseStreamEvent>;

/** The responses resource of a client. */
export function responses(caller: Caller): Responses {
  const create = (body: ResponseCreateParams, ...args: CallArguments) =>
    send(caller, () => ({ endpoint: 'responses', body: checked(body) }), args, responded);
  const retrieve = (id: string, query: ResponseRetrieveParams = {}, ...args: CallArguments) =>
    send(caller, () => ({ ...one(id), method: 'GET', body: { ...query } }), args, responded);
  return {
    create: create as Responses['create'],
    parse: (body, ...args) =>
      (create as Responses['create'])(body, ...args).map((response) =>
        withFactsOf(response, parseResponse(response, body)),
      ),
    retrieve: retrieve as Responses['retrieve'],
    delete: (id, ...args) => send(caller, () => ({ ...one(id), method: 'DELETE' }), args, toWhole<ResponseDeleted>),
    cancel: (id, ...args) => send(caller, () => one(id, 'cancel'), args, withText),
  };
}

function one(id: string, below?: string) {
  return { endpoint: 'responses', path: objectPath('responses', id, below), body: {} } as const;
}

/** What the model is to answer may also stand where OpenAI keeps it. */
const sources = ['input', 'prompt', 'previous_response_id', 'conversation'];

function checked(body: unknown): JsonObject {
  if (isJsonObject(body) && sources.some((name) => body[name] !== undefined)) return body;
  throw new InvalidRequestError(
    'input',
    'A response needs "input", such as "Hello" or [{ "role": "user", "content": "Hello" }].',
  );
}

function responded(served: ServedReply): Responded {
  return served.reply.body.kind === 'stream' ? streamOf<ResponseStreamEvent>(served) : withText(served);
}

/** OpenAI's wire has no `output_text`: clients add it. */
function withText(served: ServedReply): ResponseObject & ReplyFacts {
  const response = toWhole<ResponseObject>(served);
  if (typeof response.output_text !== 'string') response.output_text = textOf(response.output);
  return response;
}

function textOf(output: unknown): string {
  const parts = Array.isArray(output) ? output.flatMap((item) => (item?.type === 'message' ? item.content : [])) : [];
  return parts.map((part) => (part?.type === 'output_text' ? part.text : '')).join('');
}
