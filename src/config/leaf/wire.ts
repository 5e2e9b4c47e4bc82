import type { ProviderTarget, WireRequest } from '../../core/provider.ts';
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
    const forwarded = forward(context.call.forwardHeaders ?? spec.forwardHeaders, context.call.headers);
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

function forward(
  names: readonly string[] | 'all',
  headers: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  if (names.length === 0 || headers === undefined) return undefined;
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  if (names === 'all') return Object.fromEntries(entries);
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  return Object.fromEntries(entries.filter(([name]) => wanted.has(name)));
}
