import { didYouMean } from '../../core/did-you-mean.ts';
import type { Endpoint } from '../../core/endpoint.ts';
import { apiError } from '../../core/errors/api-error.ts';
import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import { modelRequestOf } from '../../resources/http/index.ts';
import { readJson } from '../body/read-body.ts';
import { howToAskRoutes } from '../callers/choose.ts';
import type { Gateway } from '../gateway.ts';
import type { JavelinRoute } from '../javelin/javelin-routes.ts';
import type { ServerContext } from '../server-env.ts';
import { relayed } from './relay.ts';
import type { RouteGroup } from './route-group.ts';

const endpointOf: Readonly<Record<string, Endpoint>> = {
  chat: 'chat/completions',
  completions: 'completions',
  embeddings: 'embeddings',
};

/**
 * Javelin's `POST /v1/query/{route}`, and OpenAI's endpoints with the header `x-javelin-route`. A route's type says what it may be asked.
 * Source: Javelin documentation, "Querying an LLM", "Unified Endpoints".
 */
export const javelinQuery: RouteGroup = (app, gateway) => {
  app.post('/v1/query/:route', async (c) => {
    const route = existing(c.req.param('route'), gateway);
    const endpoint = endpointOf[route.type ?? 'chat'] ?? 'chat/completions';
    return answer(c, route, endpoint, gateway);
  });
  for (const endpoint of Object.values(endpointOf)) {
    app.on('POST', [`/v1/${endpoint}`, `/${endpoint}`], (c, next) => {
      const name = c.get('exchange').headers['x-javelin-route'];
      return name === undefined ? next() : answer(c, existing(name, gateway, ` ${howToAskRoutes}`), endpoint, gateway);
    });
  }
};

async function answer(c: ServerContext, route: JavelinRoute, endpoint: Endpoint, gateway: Gateway): Promise<Response> {
  c.get('exchange').endpoint = endpoint;
  const wanted = route.type === undefined ? endpoint : endpointOf[route.type];
  if (wanted !== undefined && wanted !== endpoint)
    throw new InvalidRequestError(
      'x-javelin-route',
      `Route "${route.name}" is of type "${route.type}": it answers ${wanted}, not ${endpoint}.`,
    );
  const request = modelRequestOf(
    { endpoint },
    { body: await readJson(c, gateway.settings), query: new URLSearchParams() },
  );
  return relayed(c, gateway, { request, config: route.config });
}

function existing(name: string, { javelin }: Gateway, advice = ''): JavelinRoute {
  const route = javelin.get(name);
  if (route !== undefined) return route;
  throw unknownRoute(name, javelin.all(), advice);
}

/** 404 with the name that was probably meant. */
export function unknownRoute(name: string, all: readonly JavelinRoute[], advice = '') {
  const hint = didYouMean(
    name,
    all.map((route) => route.name),
  );
  const code = 'route_not_found';
  const message = `There is no route ${JSON.stringify(name)}.${hint}${advice}`;
  return apiError({ status: 404, kind: 'not_found', type: 'invalid_request_error', code, param: 'route', message });
}
