import type { Attempt, TargetInfo } from '../core/attempt.ts';
import { watchReply } from '../core/collect/watch-reply.ts';
import type { ConfigFacts } from '../core/config-facts.ts';
import { type CallOverrides, factsOf, type RequestContext } from '../core/context.ts';
import { APIError } from '../core/errors/api-error.ts';
import { APIUserAbortError } from '../core/errors/connection-errors.ts';
import { PortkeyError } from '../core/errors/portkey-error.ts';
import type { PortkeyEvents, ReplyFigures } from '../core/events.ts';
import type { Handler, ModelRequest } from '../core/handler.ts';
import { linkedAbort, neverAborts } from '../core/linked-abort.ts';
import type { HeaderMap, Reply, ReplyOutcome } from '../core/reply.ts';
import type { Runtime } from '../core/runtime.ts';
import type { SpanFacts } from '../core/span-facts.ts';
import { servedHeaders } from './served-headers.ts';
import type { ServedReply } from './served-reply.ts';

/** The facts of one call, options of client and call already merged. */
export interface CallFacts {
  readonly traceId: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly overrides: CallOverrides;
  readonly signal: AbortSignal | undefined;
  readonly configId?: string | undefined;
  readonly config?: ConfigFacts | undefined;
  readonly span?: SpanFacts | undefined;
  readonly debug?: boolean | undefined;
}

/** Sends one request through a config and tells its story. Rejects with a `PortkeyError` that knows trace ID and every attempt. */
export async function call(
  handler: Handler,
  request: ModelRequest,
  facts: CallFacts,
  runtime: Runtime,
): Promise<ServedReply> {
  const link = facts.signal === undefined ? unlinked : linkedAbort(facts.signal, toAbortError);
  const startedAt = runtime.clock.now();
  const context = startContext(request, facts, { signal: link.signal, startedAt }, runtime);
  reportStart(request, context, runtime);
  const tellsBodies = facts.debug !== false;
  if (tellsBodies) reportRequestBody(request, context, runtime);
  try {
    if (link.signal.aborted) throw link.signal.reason;
    const reply = await handler(request, context);
    // The listener must not hold the reply: a stream that its reader lost is settled when it is collected.
    const { target, status, cache } = reply;
    const readBody =
      tellsBodies && runtime.events.wants('response-body') ? watchReply(reply, request.endpoint) : undefined;
    reply.onSettle((outcome) => {
      link.unlink();
      reportBody(readBody, request, context, runtime);
      reportEnd({ request, context, runtime, startedAt }, outcome, { target, reply: { status, cache } });
    });
    // The link is let go when the reply has ended, which may be before it was read.
    if (facts.signal !== undefined && reply.body.kind === 'stream')
      reply.body.chunks.heed(facts.signal, (reason) => attach(toAbortError(reason), context));
    return new Served(reply, context);
  } catch (thrown) {
    const error = attach(thrown, context);
    link.unlink();
    reportEnd(
      { request, context, runtime, startedAt },
      { result: error.kind === 'aborted' ? 'aborted' : 'failure', error },
    );
    throw error;
  }
}

const unlinked = { signal: neverAborts, unlink: () => undefined };

function toAbortError(reason: unknown): APIUserAbortError {
  return new APIUserAbortError(undefined, reason);
}

function startContext(
  request: ModelRequest,
  { traceId, metadata, overrides, configId, config, span, debug }: CallFacts,
  { signal, startedAt }: { readonly signal: AbortSignal; readonly startedAt: number },
  runtime: Runtime,
): RequestContext {
  const requestId = runtime.requestId();
  const tellsBodies = debug !== false;
  const told = { requestId, traceId, metadata, configId, span, startedAt, tellsBodies };
  const trace = runtime.tracer?.startRequest(request, told);
  return {
    requestId,
    traceId: traceId ?? trace?.traceId ?? runtime.traceId(),
    metadata,
    pathname: `/v1${request.path?.replace(/\?.*/, '') ?? `/${request.endpoint}`}`,
    signal,
    attempts: [],
    call: overrides,
    memo: {},
    configId,
    config,
    span: trace?.spanId === undefined ? span : { spanId: trace.spanId, ...span },
    trace,
  };
}

/** Every handler rejects with a `PortkeyError`; anything else is a fault of ours, and still comes out typed. */
function attach(thrown: unknown, { attempts, traceId, requestId }: RequestContext): PortkeyError {
  const error =
    thrown instanceof PortkeyError
      ? thrown
      : new PortkeyError('config', `Unexpected failure: ${String(thrown)}`, { cause: thrown });
  error.attempts = attempts;
  error.traceId = traceId;
  error.requestId = requestId;
  // Most failures of providers are followed by another try: only one that comes out says where from.
  if (error instanceof APIError) Error.captureStackTrace?.(error, attach);
  return error;
}

/** A class: as an object literal with getters it cost more than routing the request. */
class Served implements ServedReply {
  readonly reply: Reply;
  readonly requestId: string;
  readonly traceId: string;
  readonly attempts: readonly Readonly<Attempt>[];
  #headers: HeaderMap | undefined;
  #controller: AbortController | undefined;

  constructor(reply: Reply, { attempts, traceId, requestId }: RequestContext) {
    this.reply = reply;
    this.requestId = requestId;
    this.traceId = traceId;
    this.attempts = attempts;
  }

  // Both are made on demand: most callers look at neither.
  get headers(): HeaderMap {
    this.#headers ??= servedHeaders(this.reply, this.traceId, this.attempts);
    return this.#headers;
  }

  get controller(): AbortController {
    this.#controller ??= new AbortController();
    return this.#controller;
  }
}

/** Who answered, and how. */
interface Answer {
  readonly target: TargetInfo;
  readonly reply: ReplyFigures;
}

function reportStart({ endpoint }: ModelRequest, context: RequestContext, { events }: Runtime): void {
  if (events.wants('request-start')) events.emit('request-start', { ...factsOf(context), endpoint });
}

function reportRequestBody({ endpoint, body }: ModelRequest, context: RequestContext, { events }: Runtime): void {
  if (events.wants('request-body')) events.emit('request-body', { ...factsOf(context), endpoint, body });
}

function reportBody(
  read: ReturnType<typeof watchReply> | undefined,
  { endpoint }: ModelRequest,
  context: RequestContext,
  { events }: Runtime,
): void {
  const body = read?.();
  if (body !== undefined) events.emit('response-body', { ...factsOf(context), endpoint, body });
}

interface Ended {
  readonly request: ModelRequest;
  readonly context: RequestContext;
  readonly runtime: Runtime;
  readonly startedAt: number;
}

function reportEnd({ request, context, runtime, startedAt }: Ended, outcome: ReplyOutcome, answer?: Answer): void {
  const { events, clock } = runtime;
  const isWanted = events.wants('request-end');
  const { configId, config, span, trace } = context;
  if (!isWanted && trace === undefined) return;
  const { model, stream } = request.body;
  const end: PortkeyEvents['request-end'] = {
    ...factsOf(context),
    ...answer,
    ...(typeof model === 'string' ? { requestedModel: model } : {}),
    ...(configId === undefined ? {} : { configId }),
    ...(config === undefined ? {} : { config }),
    ...(span === undefined ? {} : { span }),
    endpoint: request.endpoint,
    attempts: context.attempts.map((attempt: Attempt) => ({ ...attempt })),
    outcome,
    startedAt,
    durationMs: clock.now() - startedAt,
    stream: stream === true,
  };
  trace?.end(end);
  if (isWanted) events.emit('request-end', end);
}
