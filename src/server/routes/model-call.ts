import type { Config } from '../../config/config.ts';
import { apiError } from '../../core/errors/api-error.ts';
import type { Handler, ModelRequest } from '../../core/handler.ts';
import type { JsonObject } from '../../core/json.ts';
import { call } from '../../resources/call.ts';
import type { ServedReply } from '../../resources/served-reply.ts';
import { deadline } from '../../routing/middleware/index.ts';
import { parseSlugModel } from '../../vault/slug.ts';
import { callFacts } from '../call-facts.ts';
import type { Choice } from '../callers/choose.ts';
import { splitHeaders } from '../callers/header-split.ts';
import type { Exchange } from '../exchange.ts';
import type { Gateway } from '../gateway.ts';
import { admitted, countedCall } from '../keys/key-admission.ts';

/** One call of a model's API, on behalf of somebody. */
export interface ModelCall {
  readonly asker: Asker;
  readonly request: ModelRequest;
  readonly signal: AbortSignal;
  /** The config it goes through, in place of the one that its headers, key or model choose. */
  readonly config?: object | undefined;
  /** How urgent it is, where its headers do not say; lower is more urgent. */
  readonly priority?: number | undefined;
}

/** Who asks, and what their headers say. */
export type Asker = Pick<Exchange, 'headers' | 'traceId' | 'owner' | 'providerKey'>;

/** A call that may be made. */
export interface ReadyCall {
  /** What it goes through. */
  readonly config: Config;
  readonly request: ModelRequest;
  send(request: ModelRequest): Promise<ServedReply>;
}

/** Checks what may be asked for and chooses where it goes. Rejects with what is wrong with the request. */
export async function readyCall(
  { asker, request: asked, signal, config: fixed, priority }: ModelCall,
  gateway: Gateway,
): Promise<ReadyCall> {
  const { limits } = gateway.settings;
  const headers = splitHeaders(asker.headers);
  const issued = asker.owner?.issued;
  const route = fixed === undefined ? headers.routing[0]?.[0] : 'a route of the server';
  const request = issued === undefined ? asked : admitted(issued, asked, route);
  await checkModel(request.body, gateway);
  const own = fixed ?? issued?.config;
  const { model } = request.body;
  const choice: Choice =
    own === undefined
      ? gateway.choose({
          headers,
          tenant: asker.owner?.id ?? '',
          providerKey: asker.providerKey,
          model: typeof model === 'string' ? model : undefined,
        })
      : gateway.fixedChoice(own);
  const { compiled, ...settings } = choice();
  const { config, handler, facts: told } = compiled instanceof Promise ? await compiled : compiled;
  const said = { exchange: asker, headers, body: request.body, signal, maxDepth: limits.jsonDepth, priority };
  const facts = { ...callFacts(said, settings), config: told };
  const bounded = limiter(gateway)(handler);
  const send = (sent: ModelRequest) => call(bounded, sent, facts, gateway.runtime);
  const { runtime, keyMeters } = gateway;
  return {
    config,
    request,
    send:
      issued === undefined
        ? send
        : (sent) => countedCall(issued, sent, { meters: keyMeters, clock: runtime.clock }, send),
  };
}

const limiters = new WeakMap<Gateway, (handler: Handler) => Handler>();

/** Bounds every request in time, a stream to its end. Made once per config. */
function limiter(gateway: Gateway): (handler: Handler) => Handler {
  const found = limiters.get(gateway);
  if (found !== undefined) return found;
  const within = deadline(gateway.settings.limits.requestMs, gateway.runtime.clock);
  const known = new WeakMap<Handler, Handler>();
  const made = (handler: Handler) => {
    const bounded = known.get(handler) ?? within(handler);
    known.set(handler, bounded);
    return bounded;
  };
  limiters.set(gateway, made);
  return made;
}

/** Where requests may not name virtual keys, models may not either. */
async function checkModel({ model }: JsonObject, { settings, vault }: Gateway): Promise<void> {
  if (settings.trust.virtualKeys !== 'none' || typeof model !== 'string' || !model.startsWith('@')) return;
  const slug = parseSlugModel(model)?.slug;
  if (slug === undefined || (await vault.get(slug)) === undefined) return;
  throw apiError({
    status: 403,
    kind: 'auth',
    type: 'permission_error',
    code: 'not_allowed',
    param: 'model',
    message: `Virtual key "${slug}" is for this server's own configs: requests may not name it.`,
  });
}
