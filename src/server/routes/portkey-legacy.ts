import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import { isJsonObject } from '../../core/json.ts';
import { modelRequestOf } from '../../resources/http/index.ts';
import { readJson } from '../body/read-body.ts';
import type { Gateway } from '../gateway.ts';
import type { ServerContext } from '../server-env.ts';
import { relayed } from './relay.ts';
import type { RouteGroup } from './route-group.ts';

const endpoints = {
  '/v1/complete': 'completions',
  '/v1/chatComplete': 'chat/completions',
  '/v1/embed': 'embeddings',
} as const;

/** As long as it may be as a header. */
const longestConfig = 65_536;

/** Portkey's endpoints of before mid-2024, whose bodies bring their config: `{config, params}`. Source: Portkey documentation of that time, "Load Balancing". */
export const portkeyLegacy: RouteGroup = (app, gateway) => {
  for (const [path, endpoint] of Object.entries(endpoints)) {
    app.post(path, async (c) => {
      c.get('exchange').endpoint = endpoint;
      return answer(c, endpoint, gateway);
    });
  }
};

async function answer(
  c: ServerContext,
  endpoint: (typeof endpoints)[keyof typeof endpoints],
  gateway: Gateway,
): Promise<Response> {
  const { config, params, ...rest } = await readJson(c, gateway.settings);
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined)
    throw new InvalidRequestError(unknown, `Unknown "${unknown}". The body is {"config": {…}, "params": {…}}.`);
  if (!isJsonObject(params))
    throw new InvalidRequestError('params', '"params" must be the body of the call, an object.');
  const request = modelRequestOf({ endpoint }, { body: params, query: new URLSearchParams() });
  const exchange = c.get('exchange');
  return relayed(c, gateway, { request, asker: { ...exchange, headers: withConfig(exchange.headers, config) } });
}

/** The config of a request is one of a caller's, whatever its place. */
function withConfig(headers: Readonly<Record<string, string>>, config: unknown): Readonly<Record<string, string>> {
  if (config === undefined) return headers;
  if (headers['x-portkey-config'] !== undefined)
    throw new InvalidRequestError('config', 'The request brings two configs: in its body and as x-portkey-config.');
  if (typeof config !== 'string' && !isJsonObject(config))
    throw new InvalidRequestError('config', '"config" must be an object, or the ID of a config.');
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  if (text.length > longestConfig)
    throw new InvalidRequestError('config', `"config" is longer than ${longestConfig} characters.`);
  return { ...headers, 'x-portkey-config': text };
}
