import { apiError } from '../../core/errors/api-error.ts';
import { ConfigError } from '../../core/errors/config-error.ts';
import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { readJson } from '../body/read-body.ts';
import { withoutSecrets } from '../data/without-secrets.ts';
import { deliverJson } from '../deliver.ts';
import type { Gateway } from '../gateway.ts';
import { type JavelinRoute, readRoutes } from '../javelin/javelin-routes.ts';
import { administrators } from '../middleware/auth.ts';
import type { ServerContext } from '../server-env.ts';
import { unknownRoute } from './javelin-query.ts';
import type { RouteGroup } from './route-group.ts';

/**
 * Javelin's `/v1/admin/routes` and `/v1/admin/routes/{name}`: GET, POST (409 for a name that is taken), PUT, DELETE, with routes as its
 * documents have them, wrapped or flat. For whoever has the admin key. Source: Javelin documentation, "Route Management".
 */
export const javelinRoutes: RouteGroup = (app, gateway) => {
  const { javelin } = gateway;
  const single = '/v1/admin/routes/:name';
  app.use('/v1/admin/*', administrators(gateway.keys));
  app.on('GET', ['/v1/admin/routes', '/v1/admin/routes/'], (c) => told(c, { routes: javelin.all().map(shown) }));
  app.on('POST', ['/v1/admin/routes', '/v1/admin/routes/'], (c) => save(c, gateway, { isNew: true }));
  app.get(single, (c) => told(c, shown(existing(c, gateway))));
  app.post(single, (c) => save(c, gateway, { isNew: true }));
  app.put(single, (c) => {
    existing(c, gateway);
    return save(c, gateway, { isNew: false });
  });
  app.delete(single, async (c) => {
    const { name } = existing(c, gateway);
    await javelin.delete(name);
    return told(c, { success: true, name });
  });
};

function told(c: ServerContext, value: object): Response {
  c.get('exchange').endpoint = 'admin';
  return deliverJson(c, value);
}

function existing(c: ServerContext, { javelin }: Gateway): JavelinRoute {
  const name = c.req.param('name') ?? '';
  const route = javelin.get(name);
  if (route === undefined) throw unknownRoute(name, javelin.all());
  return route;
}

async function save(c: ServerContext, gateway: Gateway, { isNew }: { readonly isNew: boolean }): Promise<Response> {
  const { javelin } = gateway;
  const routes = read(await readJson(c, gateway.settings));
  const name = c.req.param('name');
  const [other] = routes.filter((route) => route.name !== name);
  if (name !== undefined && other !== undefined)
    throw new InvalidRequestError('name', `The address names the route "${name}", the body "${other.name}".`);
  const taken = isNew ? routes.find((route) => javelin.get(route.name) !== undefined) : undefined;
  if (taken !== undefined) throw alreadyThere(taken.name);
  // Compiled now: what is wrong with it is the answer to this request.
  for (const { config } of routes) await gateway.fixedChoice(config)().compiled;
  await javelin.put(routes);
  const [first] = routes;
  return told(c, routes.length === 1 && first !== undefined ? shown(first) : { routes: routes.map(shown) });
}

function read(body: JsonObject): readonly JavelinRoute[] {
  try {
    return readRoutes(body);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const problems = error.issues.map(({ path, message }) => `${path}: ${message}`).join(' ');
    throw new InvalidRequestError('routes', `The route cannot be used. ${problems}`);
  }
}

/** As it was given, without keys. */
function shown({ document }: JavelinRoute): object {
  const [route] = Array.isArray(document.routes) ? document.routes : [];
  return isJsonObject(route) ? withoutSecrets(route) : {};
}

function alreadyThere(name: string) {
  const message = `There is a route "${name}" already. Change it with PUT.`;
  return apiError({
    status: 409,
    kind: 'invalid_request',
    type: 'invalid_request_error',
    code: 'already_exists',
    param: 'name',
    message,
  });
}
