import { createdSeconds } from '../../answer.ts';
import { bearerKey, headerKey } from '../keys.ts';
import { unescaped } from '../path-part.ts';
import { promptOf } from '../prompt.ts';
import type { Call, Failure, LimitState, Operation, Route, WireFormat } from '../wire-format.ts';
import { checkMessage } from './check-message.ts';
import { anthropicErrorEvent, anthropicFailure } from './errors.ts';
import { message, messageEvents } from './message.ts';
import { messageFields } from './message-fields.ts';

/** Anthropic (Anthropic API reference): messages, token counts and models; key in `x-api-key`, or a bearer token. */
export const anthropic: WireFormat = {
  basePath: '/v1',
  readKey: ({ headers }) => headerKey(headers, 'x-api-key') ?? bearerKey(headers),
  route,
  idHeaders: (requestId) => ['request-id', requestId],
  limitHeaders,
  failure: anthropicFailure,
  errorEvent: anthropicErrorEvent,
};

function route({ method, path, body }: Call): Route | undefined {
  if (method === 'GET') return modelsRoute(path);
  const model = typeof body.model === 'string' ? body.model : undefined;
  if (method !== 'POST') return undefined;
  if (path === '/v1/messages') return { operation: messages, model, stream: body.stream === true };
  return path === '/v1/messages/count_tokens' ? { operation: countTokens, model, stream: false } : undefined;
}

const messages: Operation = {
  check: (call) => checkVersion(call) ?? checkMessage(call.body, rulesOf(call, ['model', 'max_tokens', 'messages'])),
  prompt: ({ body }) => promptOf(body.messages, { extra: body.system }),
  reply: (_call, answer) => ({ json: message(answer) }),
  events: (_call, answer) => messageEvents(answer),
};

const countTokens: Operation = {
  check: (call) => checkVersion(call) ?? checkMessage(call.body, rulesOf(call, ['model', 'messages'])),
  prompt: ({ body }) => promptOf(body.messages, { extra: body.system }),
  reply: (_call, { usage }) => ({ json: { input_tokens: usage?.inputTokens ?? 0 } }),
};

const firstVersion = '2023-06-01';

function rulesOf({ headers }: Call, required: readonly string[]) {
  return { required, known: messageFields, systemRole: headers['anthropic-version'] !== firstVersion };
}

function checkVersion({ headers }: Call): Failure | undefined {
  const version = headers['anthropic-version'];
  if (version === undefined) return { kind: 'invalid_request', message: 'anthropic-version: header is required' };
  if (/^\d{4}-\d{2}-\d{2}$/.test(String(version))) return undefined;
  return { kind: 'invalid_request', message: `anthropic-version: "${version}" is not a valid version` };
}

function modelsRoute(path: string): Route | undefined {
  if (path === '/v1/models') return { operation: modelList, model: undefined, stream: false };
  if (!path.startsWith('/v1/models/')) return undefined;
  return { operation: oneModel, model: unescaped(path.slice('/v1/models/'.length)), stream: false };
}

const modelList: Operation = {
  check: checkVersion,
  reply: (_call, { models }) => ({
    json: { data: models.map(modelInfo), has_more: false, first_id: models[0] ?? null, last_id: models.at(-1) ?? null },
  }),
};

const oneModel: Operation = { check: checkVersion, reply: (_call, { model }) => ({ json: modelInfo(model) }) };

function modelInfo(id: string) {
  const created = new Date(createdSeconds * 1000).toISOString();
  return { type: 'model', id, display_name: `${id} (simulated)`, created_at: created };
}

/** Limit headers (Anthropic docs, "Rate limits"); the reset is a time of day in RFC 3339. */
function limitHeaders({ limit, remaining, resetMs, now }: LimitState): readonly string[] {
  return [
    'anthropic-ratelimit-requests-limit',
    String(limit),
    'anthropic-ratelimit-requests-remaining',
    String(remaining),
    'anthropic-ratelimit-requests-reset',
    new Date(now + resetMs).toISOString(),
  ];
}
