import type { Attempt, TargetInfo } from '../core/attempt.ts';
import type { ConfigFacts } from '../core/config-facts.ts';
import { type CallOverrides, factsOf, type RequestContext, type SpanFacts } from '../core/context.ts';
import { APIUserAbortError } from '../core/errors/connection-errors.ts';
import { PortkeyError } from '../core/errors/portkey-error.ts';
import type { ReplyFigures } from '../core/events.ts';
import type { Handler, ModelRequest } from '../core/handler.ts';
import { linkedAbort } from '../core/linked-abort.ts';
import type { HeaderMap, Reply, ReplyOutcome } from '../core/reply.ts';
import type { Runtime } from '../core/runtime.ts';
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
  const link = linkedAbort(facts.signal, toAbortError);
  const startedAt = runtime.clock.now();
  const context: RequestContext = {
    requestId: runtime.requestId(),
    traceId: facts.traceId ?? runtime.traceId(),
    metadata: facts.metadata,
    pathname: `/v1${request.path?.replace(/\?.*/, '') ?? `/${request.endpoint}`}`,
    signal: link.signal,
    attempts: [],
    call: facts.overrides,
    configId: facts.configId,
    config: facts.config,
    span: facts.span,
  };
  reportStart(request, context, runtime);
  try {
    if (link.signal.aborted) throw link.signal.reason;
    const reply = await handler(request, context);
    // The listener must not hold the reply: a stream that its reader lost is settled when it is collected.
    const { target, status, cache } = reply;
    reply.onSettle((outcome) => {
      link.unlink();
      reportEnd({ request, context, runtime, startedAt }, outcome, { target, reply: { status, cache } });
    });
    // The link is let go when the reply has ended, which may be before it was read.
    if (facts.signal !== undefined && reply.body.kind === 'stream') reply.body.chunks.heed(facts.signal, toAbortError);
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

function toAbortError(reason: unknown): APIUserAbortError {
  return new APIUserAbortError(undefined, reason);
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
    this.#headers ??= servedHeaders(this.reply, this.traceId);
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

interface Ended {
  readonly request: ModelRequest;
  readonly context: RequestContext;
  readonly runtime: Runtime;
  readonly startedAt: number;
}

function reportEnd({ request, context, runtime, startedAt }: Ended, outcome: ReplyOutcome, answer?: Answer): void {
  const { events, clock } = runtime;
  if (!events.wants('request-end')) return;
  const { configId, config, span } = context;
  const { model, stream } = request.body;
  events.emit('request-end', {
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
  });
}
