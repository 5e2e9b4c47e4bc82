import { APIError, apiError } from '../../core/errors/api-error.ts';
import type { Handler, ModelRequest } from '../../core/handler.ts';
import type { JsonObject } from '../../core/json.ts';
import { call } from '../../resources/call.ts';
import { answerOf, modelRequestOf, type Route, routeOf } from '../../resources/http/index.ts';
import type { ServedReply } from '../../resources/served-reply.ts';
import { deadline } from '../../routing/middleware/index.ts';
import { parseSlugModel } from '../../vault/slug.ts';
import { readBody } from '../body/read-body.ts';
import { callFacts } from '../call-facts.ts';
import type { Choice } from '../callers/choose.ts';
import { type HeaderSplit, splitHeaders } from '../callers/header-split.ts';
import { litellmHeaders } from '../compat/litellm-headers.ts';
import { deliver, deliverJson } from '../deliver.ts';
import type { Exchange } from '../exchange.ts';
import type { Gateway } from '../gateway.ts';
import type { ServerContext } from '../server-env.ts';
import { listModels } from './list-models.ts';
import { checkMethod } from './methods.ts';
import type { RouteGroup } from './route-group.ts';

/**
 * Every call of a model's API: OpenAI's and Anthropic's endpoints, with and without `/v1`. What is none of them below `/v1` goes to the
 * provider as it is.
 */
export const relay: RouteGroup = (app, gateway) => {
  const limited = limiter(gateway);
  app.all('*', (c) => answer(c, gateway, limited));
};

async function answer(c: ServerContext, gateway: Gateway, limited: (handler: Handler) => Handler): Promise<Response> {
  const exchange = c.get('exchange');
  const { limits } = gateway.settings;
  const route = routeOf(exchange.method, exchange.path);
  checkMethod(exchange, route);
  exchange.endpoint = route.endpoint;
  const request = modelRequestOf(route, { body: await readBody(c, limits), query: queryOf(c) });
  const headers = splitHeaders(exchange.headers);
  await checkModel(request.body, gateway);
  const { compiled, ...settings } = choose(exchange, headers, request.body, gateway)();
  const facts = callFacts(
    { exchange, headers, body: request.body, signal: c.req.raw.signal, maxDepth: limits.jsonDepth },
    settings,
  );
  const { config, handler } = compiled instanceof Promise ? await compiled : compiled;
  if (isModelList(route)) {
    const models = listModels(config, gateway.settings);
    if (models !== undefined) return deliverJson(c, models);
  }
  const send = (asked: ModelRequest) => call(limited(handler), asked, facts, gateway.runtime);
  const served = await (isModelList(route) ? send(request).catch(orAsProxy(send)) : send(request));
  note(exchange, served);
  if (gateway.settings.compat === 'litellm') {
    const asked = { startedAt: exchange.startedAt, now: gateway.runtime.clock.now(), model: request.body.model };
    Object.assign(exchange.responseHeaders, litellmHeaders(served, asked));
  }
  return deliver(c, answerOf(served, route.endpoint));
}

/** Bounds every request in time, a stream to its end. Made once per config. */
function limiter({ settings, runtime }: Gateway): (handler: Handler) => Handler {
  const within = deadline(settings.limits.requestMs, runtime.clock);
  const known = new WeakMap<Handler, Handler>();
  return (handler) => {
    const found = known.get(handler) ?? within(handler);
    known.set(handler, found);
    return found;
  };
}

function queryOf({ req: { url } }: ServerContext): URLSearchParams {
  const at = url.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : url.slice(at));
}

function choose(exchange: Exchange, headers: HeaderSplit, { model }: JsonObject, gateway: Gateway): Choice {
  return gateway.choose({
    headers,
    tenant: exchange.owner?.id ?? '',
    providerKey: exchange.providerKey,
    model: typeof model === 'string' ? model : undefined,
  });
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

function isModelList({ endpoint, path, method }: Route): boolean {
  return endpoint === 'models' && path === undefined && method === 'GET';
}

/** A provider without OpenAI's list of models may have one of its own at the same path. */
function orAsProxy(send: (request: ModelRequest) => Promise<ServedReply>): (error: unknown) => Promise<ServedReply> {
  return (error) => {
    if (!(error instanceof APIError) || error.code !== 'unsupported_endpoint') throw error;
    return send({ endpoint: 'proxy', method: 'GET', path: '/models', body: {} });
  };
}

/** Who answered, and once the reply is over what it took. */
function note(exchange: Exchange, { reply }: ServedReply): void {
  const { provider, path, model } = reply.target;
  const { facts } = exchange;
  facts.provider = provider;
  facts.target = path;
  facts.cache = reply.cache;
  if (model !== undefined) facts.model = model;
  reply.onSettle(({ result, error, usage }) => {
    facts.outcome = result;
    if (error !== undefined) facts.error = error.kind;
    if (usage === undefined) return;
    facts.inputTokens = usage.promptTokens;
    facts.outputTokens = usage.completionTokens;
  });
}
