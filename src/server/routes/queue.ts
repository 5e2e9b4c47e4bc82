import type { CallOptions } from '../../config/client-options.ts';
import { apiError } from '../../core/errors/api-error.ts';
import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import type { JobSnapshot } from '../../core/jobs.ts';
import type { JsonObject } from '../../core/json.ts';
import { modelRequestOf } from '../../resources/http/index.ts';
import { readJson } from '../body/read-body.ts';
import { splitHeaders } from '../callers/header-split.ts';
import { deliverJson } from '../deliver.ts';
import type { Gateway } from '../gateway.ts';
import { askerParams } from '../jobs/asker-params.ts';
import { createTickets, type Tickets } from '../jobs/tickets.ts';
import { admitted } from '../keys/key-admission.ts';
import type { ServerContext } from '../server-env.ts';
import type { RouteGroup } from './route-group.ts';

/**
 * LiteLLM's queue: `POST /queue/request` takes a chat completion that is made when there is room, `GET /queue/response/{id}` tells whoever
 * asked how it stands. Source: LiteLLM documentation, "Hosted Request Queing".
 */
export const queue: RouteGroup = (app, gateway) => {
  const tickets = createTickets([...gateway.settings.keys, gateway.settings.adminKey ?? '']);
  app.post('/queue/request', async (c) => {
    c.get('exchange').endpoint = 'queue';
    return deliverJson(c, await submit(c, gateway, tickets));
  });
  app.get('/queue/response/:id', async (c) => {
    c.get('exchange').endpoint = 'queue';
    return deliverJson(c, toAnswer(await find(c, gateway, tickets)));
  });
};

async function submit(c: ServerContext, gateway: Gateway, tickets: Tickets): Promise<object> {
  const exchange = c.get('exchange');
  const { priority, ...body } = await readJson(c, gateway.settings);
  if (priority !== undefined && typeof priority !== 'number')
    throw new InvalidRequestError('priority', '"priority" is a whole number from 0 to 1000; lower is done earlier.');
  const request = modelRequestOf({ endpoint: 'chat/completions' }, { body, query: new URLSearchParams() });
  const issued = exchange.owner?.issued;
  // What the key may never ask for is said now, not when the job is looked at.
  if (issued !== undefined) admitted(issued, request, splitHeaders(exchange.headers).routing[0]?.[0]);
  const params = askerParams(exchange) as CallOptions;
  const job = await gateway.jobs.submit(body, params, priority === undefined ? {} : { priority });
  const id = await tickets.ticketOf(job.id, exchange.owner?.id ?? '');
  return { id, url: `/queue/response/${id}`, eta: job.eta, status: job.status };
}

async function find(c: ServerContext, gateway: Gateway, tickets: Tickets): Promise<JobSnapshot> {
  const ticket = c.req.param('id') ?? '';
  const id = await tickets.jobOf(ticket, c.get('exchange').owner?.id ?? '');
  const job = id === undefined ? undefined : await gateway.jobs.get(id);
  if (job !== undefined) return job;
  throw apiError({
    status: 404,
    kind: 'not_found',
    type: 'invalid_request_error',
    code: 'job_not_found',
    param: 'id',
    message: 'There is no such job of this key. Results are forgotten after a while.',
  });
}

/** A job that runs has not left the queue, as far as LiteLLM's clients know. */
function toAnswer({ status, result, error }: JobSnapshot): JsonObject {
  if (status !== 'finished') return { status: 'queued' };
  return error === undefined ? { status, result } : { status, error };
}
