import { APIError } from '../../core/errors/api-error.ts';
import type { ModelRequest } from '../../core/handler.ts';
import { answerOf, modelRequestOf, type Route, routeOf } from '../../resources/http/index.ts';
import type { ServedReply } from '../../resources/served-reply.ts';
import { readBody } from '../body/read-body.ts';
import { litellmHeaders } from '../compat/litellm-headers.ts';
import { deliver, deliverJson } from '../deliver.ts';
import type { Exchange } from '../exchange.ts';
import type { Gateway } from '../gateway.ts';
import type { ServerContext } from '../server-env.ts';
import { listModels } from './list-models.ts';
import { checkMethod } from './methods.ts';
import { type Asker, readyCall } from './model-call.ts';
import type { RouteGroup } from './route-group.ts';

/**
 * Every call of a model's API: OpenAI's and Anthropic's endpoints, with and without `/v1`. What is none of them below `/v1` goes to the
 * provider as it is.
 */
export const relay: RouteGroup = (app, gateway) => {
  app.all('*', (c) => answer(c, gateway));
};

async function answer(c: ServerContext, gateway: Gateway): Promise<Response> {
  const exchange = c.get('exchange');
  const route = knownRoute(exchange.method, exchange.path);
  checkMethod(exchange, route);
  exchange.endpoint = route.endpoint;
  const request = modelRequestOf(route, { body: await readBody(c, gateway.settings), query: queryOf(c) });
  return relayed(c, gateway, { request, isModelList: isModelList(route) });
}

/** What to hand on, and how. */
export interface Relayed {
  readonly request: ModelRequest;
  /** The config it goes through, in place of the one that it chooses. */
  readonly config?: object | undefined;
  readonly isModelList?: boolean;
  /** In place of the exchange's own. */
  readonly asker?: Asker;
}

/** Sends a request through the tree and delivers what came of it. */
export async function relayed(
  c: ServerContext,
  gateway: Gateway,
  { request: asked, config: fixed, isModelList = false, asker }: Relayed,
): Promise<Response> {
  const exchange = c.get('exchange');
  const { signal } = c.req.raw;
  const ready = await readyCall({ asker: asker ?? exchange, request: asked, signal, config: fixed }, gateway);
  const { config, request, send } = ready;
  if (isModelList) {
    const models = listModels(config, exchange.owner?.issued);
    if (models !== undefined) return deliverJson(c, models);
  }
  const served = await (isModelList ? send(request).catch(orAsProxy(send)) : send(request));
  note(exchange, served);
  if (gateway.settings.compat === 'litellm') {
    const heard = { startedAt: exchange.startedAt, now: gateway.runtime.clock.now(), model: request.body.model };
    Object.assign(exchange.responseHeaders, litellmHeaders(served, heard));
  }
  return deliver(c, answerOf(served, request.endpoint));
}

const routesKept = 200;
const routes = new Map<string, Route>();

/** Most requests ask for the same few paths. */
function knownRoute(method: string, path: string): Route {
  const key = `${method} ${path}`;
  const found = routes.get(key);
  if (found !== undefined) return found;
  const route = routeOf(method, path);
  if (routes.size < routesKept && route.path === undefined) routes.set(key, route);
  return route;
}

/** The query of a request. */
export function queryOf({ req: { url } }: ServerContext): URLSearchParams {
  const at = url.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : url.slice(at));
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
