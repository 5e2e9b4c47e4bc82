import type { Answer } from '../answer.ts';
import { checkMessage } from './anthropic/check-message.ts';
import { anthropicErrorEvent, anthropicFailure } from './anthropic/errors.ts';
import { message, messageEvents } from './anthropic/message.ts';
import { messageFields } from './anthropic/message-fields.ts';
import { googleErrorEvent, googleFailure } from './google/errors.ts';
import { googleRoute } from './google/index.ts';
import { bearerKey } from './keys.ts';
import { chat } from './openai/operations.ts';
import { unescaped } from './path-part.ts';
import { promptOf } from './prompt.ts';
import type { Call, Failure, Operation, Route, WireFormat } from './wire-format.ts';

/**
 * Vertex AI (Vertex AI REST reference): Google's models by `generateContent`, Anthropic's by `rawPredict`, and the
 * OpenAI-compatible endpoint; OAuth access token as bearer.
 */
export const vertexAi: WireFormat = {
  basePath: '/v1',
  readKey: ({ headers }) => bearerKey(headers),
  route,
  idHeaders: () => [],
  failure: (failure, call) =>
    byAnthropic(failure, call) ? anthropicFailure(failure, call) : googleFailure(failure, call),
  errorEvent: (failure, call) =>
    byAnthropic(failure, call) ? anthropicErrorEvent(failure, call) : googleErrorEvent(failure, call),
};

const place = String.raw`^\/v1(?:beta1)?\/projects\/[^/]+\/locations\/[^/]+`;
const modelPath = new RegExp(String.raw`${place}\/publishers\/([^/]+)\/models\/([^/:]+):(\w+)$`);
const openApiPath = new RegExp(String.raw`${place}\/endpoints\/openapi\/chat\/completions$`);

function route(call: Call): Route | undefined {
  const { method, path, body } = call;
  if (method !== 'POST') return undefined;
  if (openApiPath.test(path)) {
    return {
      operation: chat,
      model: typeof body.model === 'string' ? body.model : undefined,
      stream: body.stream === true,
    };
  }
  const [, publisher, id, verb] = modelPath.exec(path) ?? [];
  if (id === undefined) return undefined;
  const model = unescaped(id);
  if (publisher === 'google') return googleRoute(call, model, verb);
  const operation = publisher === 'anthropic' ? messages : withModel(chat, model);
  if (verb === 'rawPredict') return { operation, model, stream: false };
  return verb === 'streamRawPredict' ? { operation, model, stream: true } : undefined;
}

/** Google's gateway speaks for itself; what is wrong with a message, Anthropic says. */
function byAnthropic({ kind, reason }: Failure, { path }: Call): boolean {
  return path.includes('/publishers/anthropic/') && kind !== 'auth' && reason !== 'unknown_path';
}

const rawFields: ReadonlySet<string> = new Set(
  ['anthropic_version', 'anthropic_beta', ...messageFields].filter((name) => name !== 'model'),
);
const rules = { required: ['anthropic_version', 'max_tokens', 'messages'], known: rawFields, systemRole: false };

/** Anthropic's messages, with the version in the body and the model in the path. */
const messages: Operation = {
  check: ({ body }) => checkMessage(body, rules),
  prompt: ({ body }) => promptOf(body.messages, { extra: body.system }),
  reply: (_call: Call, answer: Answer) => ({ json: message(answer) }),
  events: (_call: Call, answer: Answer) => messageEvents(answer),
};

/** Lets the checks of an operation see the model of the path. */
function withModel(operation: Operation, model: string): Operation {
  return { ...operation, check: (call) => operation.check?.({ ...call, body: { model, ...call.body } }) };
}
