import { apiError } from '../../core/errors/api-error.ts';
import type { JsonObject } from '../../core/json.ts';
import { localFeedback } from '../../resources/feedback.ts';
import { fromLogSearch } from '../../resources/log-search.ts';
import { localLogs } from '../../resources/logs.ts';
import { readJson } from '../body/read-body.ts';
import { deliverJson } from '../deliver.ts';
import { administrators } from '../middleware/auth.ts';
import type { ServerContext } from '../server-env.ts';
import { queryOf } from './relay.ts';
import type { RouteGroup } from './route-group.ts';

/**
 * `GET /v1/logs`, `/v1/logs/analytics` and `/v1/logs/{id}`, as `portkey.logs` asks them, for whoever has the admin key; and Portkey's `/v1/feedback`, for
 * everybody who may call. Source: Portkey API reference, "Feedback".
 */
export const portkeyLogs: RouteGroup = (app, gateway) => {
  const logs = localLogs(gateway.logs, gateway.runtime);
  const feedback = localFeedback(gateway.logs, gateway.runtime);
  const admin = administrators(gateway.keys);
  app.get('/v1/logs', admin, async (c) => told(c, await logs.list(fromLogSearch(queryOf(c)))));
  app.get('/v1/logs/analytics', admin, async (c) => told(c, await logs.analytics(fromLogSearch(queryOf(c)))));
  app.get('/v1/logs/:id', admin, async (c) => {
    const entry = await logs.get(c.req.param('id'));
    if (entry === null) throw unknown(c.req.param('id'));
    return told(c, entry);
  });
  app.post('/v1/feedback', async (c) => told(c, await feedback.create(toParams(await readJson(c, gateway.settings)))));
  app.put('/v1/feedback/:id', async (c) => {
    const { value, weight, metadata } = toParams(await readJson(c, gateway.settings));
    return told(c, await feedback.update({ feedbackID: c.req.param('id'), value, weight, metadata }));
  });
};

function told(c: ServerContext, value: object): Response {
  c.get('exchange').endpoint = 'admin';
  return deliverJson(c, value);
}

/** What it may hold is checked by the resource. */
function toParams({ trace_id: traceId, ...rest }: JsonObject) {
  return { ...rest, ...(traceId === undefined ? {} : { traceId }) } as Parameters<
    ReturnType<typeof localFeedback>['create']
  >[0] & { value: number; weight?: number; metadata?: Record<string, unknown> };
}

function unknown(id: string) {
  const message = `There is no logged request ${JSON.stringify(id)}.`;
  const code = 'log_not_found';
  return apiError({ status: 404, kind: 'not_found', type: 'invalid_request_error', code, param: 'id', message });
}
