import type { Attempt, TargetInfo } from '../../core/attempt.ts';
import type { Credentials } from '../../core/credentials.ts';
import { PortkeyError } from '../../core/errors/portkey-error.ts';
import type { Handler, ModelRequest } from '../../core/handler.ts';
import type { JsonObject } from '../../core/json.ts';
import type { CodecScope } from '../../core/provider.ts';
import type { Reply } from '../../core/reply.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { HttpRequest } from '../../core/transport.ts';
import { untilAborted } from '../../core/until-aborted.ts';
import { bodyRewriter, takesParams } from './body-rules.ts';
import { codecFor, type Serving } from './codec-for.ts';
import type { Assignment, CredentialSource } from './credential-source.ts';
import { dropReporter } from './drop-reporter.ts';
import { toPortkeyError, toProviderError, translating } from './failure.ts';
import type { LeafCall, LeafSpec } from './leaf-call.ts';
import { publicUrl } from './public-url.ts';
import { guestSeat, type Seat, takeSeat, targetIdOf } from './seat.ts';
import { streamReply } from './stream-reply.ts';
import { wholeReply } from './whole-reply.ts';
import { authorizedRequest } from './wire.ts';
import { redactIn, withoutKeys } from './without-keys.ts';

/** The innermost handler: override_params -> translate -> authorize -> send -> decode, once. */
export function leaf(spec: LeafSpec, source: CredentialSource, runtime: Runtime): Handler {
  const rewrite = bodyRewriter(spec);
  const seats = new WeakMap<Credentials, Seat>();
  const seatOf = ({ credentials, slug }: Assignment): Seat => {
    const known = seats.get(credentials);
    if (known !== undefined) return known;
    const seat = takeSeat(credentials, slug === undefined ? spec.seat : guestSeat(spec.seat, slug));
    seats.set(credentials, seat);
    return seat;
  };
  return async (request, context) => {
    try {
      const effective = takesParams(request) ? rewrite(request.body, context.captured) : request.body;
      const asked = typeof effective.model === 'string' ? effective.model : '';
      const found = source(asked);
      const assignment = found instanceof Promise ? await untilAborted(found, context.signal) : found;
      const { model } = assignment;
      const seat = seatOf(assignment);
      const asEffective = withBody(request, model === asked ? effective : { ...effective, model });
      const { attempt } = context;
      const target = targetOf(spec, seat, model);
      if (attempt !== undefined) identify(attempt, target, assignment.slug);
      const serving = codecFor(seat.provider, asEffective);
      const served = serving instanceof Promise ? await untilAborted(serving, context.signal) : serving;
      const call = { request: asEffective, model, seat, target };
      return await exchange(callOf(call, served, { spec, context, runtime }));
    } catch (error) {
      throw located(error, spec, context.attempt);
    }
  };
}

function withBody(request: ModelRequest, body: JsonObject): ModelRequest {
  return body === request.body ? request : { ...request, body };
}

function targetOf(spec: LeafSpec, seat: Seat, model: string): TargetInfo {
  return {
    path: spec.path,
    targetId: targetIdOf(seat, spec.seat, model),
    provider: seat.provider.name,
    ...(spec.name === undefined ? {} : { name: spec.name }),
    ...(model === '' ? {} : { model }),
  };
}

function callOf(
  { request, model, seat, target }: Pick<LeafCall, 'request' | 'seat' | 'target'> & { readonly model: string },
  { codec, dialect, framing, wireEndpoint }: Serving,
  { spec, context, runtime }: Pick<LeafCall, 'spec' | 'context' | 'runtime'>,
): LeafCall {
  const scope: CodecScope = {
    request,
    model,
    stream: request.body.stream === true,
    strict: context.call.strictOpenAiCompliance ?? spec.strictOpenAiCompliance ?? false,
    settings: seat.settings,
    now: runtime.clock.now,
    id: runtime.requestId,
    drop: dropReporter(spec, target, context, runtime),
  };
  return { request, scope, codec, dialect, framing, wireEndpoint, seat, spec, context, runtime, target };
}

function identify(attempt: Attempt, target: TargetInfo, slug: string | undefined): void {
  if (slug !== undefined) attempt.virtualKey = slug;
  attempt.targetId = target.targetId;
  attempt.provider = target.provider;
  if (target.model !== undefined) attempt.model = target.model;
}

async function exchange(call: LeafCall): Promise<Reply> {
  const { context, runtime } = call;
  const wire = translating(() => call.codec.encode(call.request.body, call.scope));
  const { attempt, attemptTrace } = context;
  attemptTrace?.prepare(call.request);
  const prepared = authorizedRequest(wire, call);
  const request = prepared instanceof Promise ? await prepared : prepared;
  if (attempt !== undefined) attempt.url = publicUrl(request.url);
  const { delivery } = context;
  if (delivery !== undefined) delivery.phase = 'sent';
  const send = () => runtime.transport.send(request, context.signal);
  const response = await (attemptTrace === undefined ? send() : attemptTrace.run(send));
  if (delivery !== undefined) delivery.phase = 'answered';
  context.progress?.('headers');
  if (attempt !== undefined) {
    attempt.status = response.status;
    attempt.headersMs = runtime.clock.now() - attempt.startedAt;
  }
  if (response.status >= 400)
    throw await toProviderError(response, call.dialect, withoutKeys(call.seat.credentials, request));
  const clean = cleaner(call.seat.credentials, request.headers);
  try {
    return await (isStream(call) ? streamReply(response, call, clean) : wholeReply(response, call));
  } catch (error) {
    if (error instanceof PortkeyError) clean(error);
    throw error;
  }
}

/** Made apart, so that a stream keeps no body of a request. */
function cleaner(credentials: Credentials, headers: HttpRequest['headers']): (error: PortkeyError) => void {
  return (error) => redactIn(error, withoutKeys(credentials, { headers }));
}

function isStream({ scope, codec }: LeafCall): boolean {
  return scope.stream && codec.decodeStream !== undefined;
}

/** The error as a `PortkeyError` that knows its target: nothing else leaves a leaf. */
function located(thrown: unknown, spec: LeafSpec, attempt: Attempt | undefined): PortkeyError {
  const error = toPortkeyError(thrown);
  error.target ??= {
    path: spec.path,
    targetId: attempt?.targetId ?? '',
    provider: attempt?.provider ?? '',
    ...(spec.name === undefined ? {} : { name: spec.name }),
    ...(attempt?.model === undefined ? {} : { model: attempt.model }),
  };
  return error;
}
