import type { ProviderTarget, WireRequest } from '../../core/provider.ts';
import { writeTraceparent } from '../../core/trace-context.ts';
import type { HttpRequest } from '../../core/transport.ts';
import { toHttpRequest } from '../../providers/hosts/to-http-request.ts';
import { translating } from './failure.ts';
import type { LeafCall } from './leaf-call.ts';

/** The wire request with address, headers and proof of who asks. Signing comes last: it covers the final body. */
export function authorizedRequest(wire: WireRequest, call: LeafCall): HttpRequest | Promise<HttpRequest> {
  const { seat, scope, spec, context, runtime } = call;
  const { provider, credentials } = seat;
  return translating(() => {
    const target: ProviderTarget = {
      endpoint: call.wireEndpoint,
      model: scope.model,
      stream: scope.stream,
      settings: addressed(call),
      credentials,
    };
    const plain = toHttpRequest(provider, wire, target);
    const names = context.call.forwardHeaders ?? spec.forwardHeaders;
    const forwarded = withTrace(names, forward(names, context.call.headers), call);
    // What the wire format needs beats what the call hands on.
    const request = forwarded === undefined ? plain : { ...plain, headers: { ...forwarded, ...plain.headers } };
    return provider.authenticate(request, credentials, {
      transport: runtime.transport,
      now: runtime.clock.now,
      signal: context.signal,
    });
  });
}

/** A target or virtual key that names its own address keeps it, so that no option sends its key elsewhere; the call's beats what comes from above. */
function addressed({ seat, spec, context }: LeafCall): ProviderTarget['settings'] {
  const customHost = seat.settings.customHost ?? context.call.customHost ?? spec.inheritedCustomHost;
  return customHost === seat.settings.customHost ? seat.settings : { ...seat.settings, customHost };
}

/** Whoever hands `traceparent` on hands on the trace, whose latest span is this attempt. */
function withTrace(
  names: readonly string[] | 'all',
  forwarded: Readonly<Record<string, string>> | undefined,
  { context, runtime }: LeafCall,
): Readonly<Record<string, string>> | undefined {
  const { attempt, traceId, attemptTrace } = context;
  if (names === 'all' || attempt === undefined || !names.some((name) => name.toLowerCase() === 'traceparent'))
    return forwarded;
  attempt.spanId ??= attemptTrace?.spanId() ?? runtime.traceId().slice(0, 16);
  const traceparent = writeTraceparent(context.trace?.traceId ?? traceId, attempt.spanId);
  return { ...forwarded, traceparent, ...attemptTrace?.headers() };
}

function forward(
  names: readonly string[] | 'all',
  headers: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  if (names.length === 0 || headers === undefined) return undefined;
  if (names === 'all') return headers;
  let forwarded: Record<string, string> | undefined;
  for (const given of names) {
    const name = given.toLowerCase();
    const value = headers[name];
    if (value === undefined) continue;
    forwarded ??= {};
    forwarded[name] = value;
  }
  return forwarded;
}
