import { notFound } from './methods.ts';
import type { RouteGroup } from './route-group.ts';

const keys = 'Keys for clients have models, limits and budgets of their own: POST /key/generate.';
const usage = 'Calls, tokens and costs are told by GET /v1/logs, GET /v1/logs/analytics and GET /metrics.';
const secrets = 'Keys of providers are virtual keys: POST /v1/virtual-keys, or modelmux vault.';
const checks = 'Checks stand in the config: "input_guardrails" and "output_guardrails".';
const configs = 'Models and targets are those of the config: the file of the server, or PUT /v1/configs/{slug}.';
const nobody = 'This server keeps no accounts.';

/** First steps of paths, with all below, and what is here in their place. */
const hints: Readonly<Record<string, string>> = {
  // Portkey's account service (API reference, "Admin API"), and what Portkey's resources have that ours have not.
  '/v1/analytics': usage,
  '/v1/api-keys': keys,
  '/v1/collections': 'Prompts are kept without collections.',
  '/v1/configs': 'Configs: GET and POST /v1/configs; GET, PUT and DELETE /v1/configs/{slug}.',
  '/v1/feedback': 'Feedback: POST /v1/feedback, PUT /v1/feedback/{id}.',
  '/v1/guardrails': checks,
  '/v1/integrations': secrets,
  '/v1/labels': 'Labels are put on versions of prompts by PUT /v1/prompts/{id}.',
  '/v1/logs': usage,
  '/v1/mcp-integrations': 'Tools are called by the client.',
  '/v1/mcp-servers': 'Tools are called by the client.',
  '/v1/policies': keys,
  '/v1/prompts': 'Prompts: GET and POST /v1/prompts, and below /v1/prompts/{id}; there are no partials.',
  '/v1/providers': secrets,
  '/v1/virtual-keys': secrets,
  // Javelin's (REST API, "Admin"), and Portkey's users and workspaces.
  '/v1/admin': `Javelin’s routes are at /v1/admin/routes. ${nobody} ${secrets}`,
  '/v1/routes': 'Routes are taken as they are changed: there is nothing to reload.',
  '/v1/secrets': secrets,
  // LiteLLM's (documentation, "Proxy API").
  '/budget': keys,
  '/cache': 'What a cache holds ends with its "max_age"; a call with x-portkey-cache-force-refresh asks anew.',
  '/config': configs,
  '/credentials': secrets,
  '/customer': `${nobody} ${keys}`,
  '/fallback': configs,
  '/global': usage,
  '/guardrails': checks,
  '/model': `GET /model/info lists the models. ${configs}`,
  '/organization': `${nobody} ${keys}`,
  '/provider': 'What budgets have left is told by GET /router/state.',
  '/spend': usage,
  '/team': `${nobody} ${keys}`,
  '/user': `${nobody} ${keys}`,
};

/**
 * Refuses the administration of other products that has no counterpart here, with what takes its place. Without this, what such a call
 * carries, keys of providers among it, would go on to a provider.
 */
export const elsewhere: RouteGroup = (app) => {
  for (const [path, hint] of Object.entries(hints)) {
    app.all(`${path}/*`, (c) => {
      const exchange = c.get('exchange');
      exchange.endpoint = 'admin';
      throw notFound(exchange.path, hint);
    });
  }
};
