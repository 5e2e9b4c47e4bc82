import type { JsonObject } from '../../core/json.ts';
import type { Answer } from '../answer.ts';
import { bearerKey, headerKey } from './keys.ts';
import { chatChunks, chatCompletion } from './openai/chat.ts';
import { openAiError, openAiStatus } from './openai/errors.ts';
import { openAiLimitHeaders, openAiRoute } from './openai/index.ts';
import { strictChat } from './openai/operations.ts';
import { unescaped } from './path-part.ts';
import type { Call, Failure, FailureReply, Operation, Route, WireFormat } from './wire-format.ts';

/**
 * Azure OpenAI (Microsoft's "Azure OpenAI REST API reference"): deployments in the path with an `api-version`, or
 * `/openai/v1` with the deployment as model; key in `api-key`, or a bearer token.
 */
export const azureOpenAi: WireFormat = {
  basePath: '/openai',
  readKey: ({ headers }) => headerKey(headers, 'api-key') ?? bearerKey(headers),
  route,
  idHeaders: (requestId) => ['x-request-id', requestId, 'apim-request-id', requestId, 'x-ms-region', 'Simulated'],
  limitHeaders: openAiLimitHeaders,
  failure: azureFailure,
  errorEvent: (failure, call) => ({ data: azureBody(failure, call) }),
};

const deploymentPath = /^\/openai\/deployments\/([^/]+)(\/.+)$/;

/** Operations that belong to no deployment. */
const resourcePath = /^\/openai\/(?:models|responses)(?:\/|$)/;

function route(call: Call): Route | undefined {
  if (call.path.startsWith('/openai/v1/')) return openAiRoute(call, call.path.slice('/openai/v1'.length), azureChat);
  if (!call.query.has('api-version')) return undefined;
  if (resourcePath.test(call.path)) return openAiRoute(call, call.path.slice('/openai'.length), azureChat);
  const deployment = deploymentPath.exec(call.path);
  if (deployment?.[1] === undefined || deployment[2] === undefined) return undefined;
  const model = unescaped(deployment[1]);
  // The deployment stands for the model, which the body need not name.
  const found = openAiRoute({ ...call, body: { ...call.body, model } }, deployment[2], azureChat);
  return found === undefined ? undefined : { ...found, operation: withModel(found.operation, model) };
}

/** Lets the checks of an operation see the deployment as the model. */
function withModel(operation: Operation, model: string): Operation {
  const { check } = operation;
  if (check === undefined) return operation;
  return { ...operation, check: (call) => check({ ...call, body: { ...call.body, model } }) };
}

/** Chat completions with the verdicts of the content filter that Azure adds ("Content filtering"). */
const azureChat: Operation = {
  ...strictChat,
  reply: (call, answer) => ({
    json: {
      ...withVerdicts(chatCompletion(call, answer), answer),
      prompt_filter_results: promptVerdict,
    },
  }),
  events(call, answer) {
    const first = { id: '', object: '', created: 0, model: '', choices: [], prompt_filter_results: promptVerdict };
    return [{ data: first }, ...chatChunks(call, answer, { content_filter_results: verdict(answer.contentFilter) })];
  },
};

const severities = ['hate', 'self_harm', 'sexual', 'violence'];

function verdict(filtered: boolean): JsonObject {
  const of = (hit: boolean) => ({ filtered: hit, severity: hit ? 'high' : 'safe' });
  return Object.fromEntries(severities.map((name) => [name, of(filtered && name === 'violence')]));
}

const promptVerdict = [{ prompt_index: 0, content_filter_results: verdict(false) }];

function withVerdicts(reply: JsonObject, { contentFilter }: Answer): JsonObject {
  const choices = (reply.choices as readonly JsonObject[]).map((choice) => ({
    ...choice,
    content_filter_results: verdict(contentFilter),
  }));
  return { ...reply, choices };
}

function azureFailure(failure: Failure, call: Call): FailureReply {
  const status = failure.status ?? (failure.reason === 'unknown_path' ? 404 : openAiStatus(failure));
  return { status, body: azureBody(failure, call) };
}

/** Azure's gateway answers `{error: {code, message}}`; the service behind it speaks as OpenAI does. */
function azureBody(failure: Failure, call: Call): JsonObject {
  const gateway = gatewayError(failure);
  if (gateway !== undefined) return { error: gateway };
  const error = openAiError(failure, call);
  return failure.kind === 'content_policy' ? { error: { ...error, ...filtered } } : { error };
}

function gatewayError({ kind, reason, retryAfterMs, model }: Failure): JsonObject | undefined {
  if (kind === 'auth') return { code: '401', message: deniedMessage };
  if (reason === 'unknown_path') return { code: '404', message: 'Resource not found' };
  if (kind === 'not_found')
    return { code: 'DeploymentNotFound', message: `The API deployment ${model ?? ''} does not exist.` };
  if (kind !== 'rate_limit') return undefined;
  const seconds = Math.ceil((retryAfterMs ?? 1000) / 1000);
  return {
    code: '429',
    message: `Requests to the ChatCompletions_Create Operation have exceeded the call rate limit of your current pricing tier. Please retry after ${seconds} seconds.`,
  };
}

const deniedMessage =
  'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.';

const filtered = {
  message: "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
  type: null,
  param: 'prompt',
  code: 'content_filter',
  status: 400,
  innererror: { code: 'ResponsibleAIPolicyViolation', content_filter_result: verdict(true) },
};
