import * as z from 'zod/mini';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { CheckOutcome, CheckTools, Subject } from '../check.ts';
import { otherCheck } from '../check-kind.ts';
import { textsOf } from '../texts/place.ts';

const defaultTimeoutMs = 3000;

// A user name in an address would end up in logs, and fetch refuses it.
const address = z
  .url({ protocol: /^https?$/ })
  .check(z.refine((url) => !hasUser(url), 'must not hold a user name or password'));
// Portkey takes them as JSON text too.
const headers = z.pipe(
  z.transform((given) => (typeof given === 'string' ? parsed(given) : given)),
  z.record(z.string().check(z.regex(/^[\w!#$%&'*+.^`|~-]+$/)), z.string().check(z.regex(/^[^\r\n\0]*$/))),
);
const timeout = z.number().check(z.positive(), z.maximum(2_147_483_647));

/** `default.webhook`: asks a server of the config's owner, which answers `{ "verdict": boolean, "data"?, "transformedData"? }`. No redirect is followed. */
export const webhook = otherCheck(
  { webhookURL: address, headers: z.optional(headers), timeout: z.optional(timeout) },
  ({ webhookURL, headers: own = {}, timeout: timeoutMs = defaultTimeoutMs }) => ({
    timeoutMs,
    async run(subject, tools) {
      const answer = await post({ url: webhookURL, headers: own }, subject, tools);
      return verdictOf(answer, subject);
    },
  }),
);

/** `default.log`: tells a server of the config's owner what it sees, and always passes. */
export const log = otherCheck(
  { logURL: address, headers: z.optional(headers), timeout: z.optional(timeout) },
  ({ logURL, headers: own = {}, timeout: timeoutMs = defaultTimeoutMs }) => ({
    timeoutMs,
    async run(subject, tools) {
      await post({ url: logURL, headers: own }, subject, tools);
      return { verdict: true };
    },
  }),
);

function hasUser(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { username, password } = new URL(url);
  return `${username}${password}` !== '';
}

interface Place {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Rejects for anything but a 2xx. */
async function post(
  { url, headers: own }: Place,
  subject: Subject,
  { transport, signal }: CheckTools,
): Promise<string> {
  const lower = Object.fromEntries(Object.entries(own).map(([name, value]) => [name.toLowerCase(), value]));
  const body = JSON.stringify(toPortkeyContext(subject));
  const response = await transport.send(
    { method: 'POST', url, headers: { ...lower, 'content-type': 'application/json' }, body, followsRedirects: false },
    signal,
  );
  const text = await response.body.text();
  if (response.status < 200 || response.status >= 300)
    throw new Error(`The server answered with status ${response.status}.`);
  return text;
}

/** What Portkey's gateway sends. */
function toPortkeyContext({ stage, endpoint, request, reply, places, metadata }: Subject): JsonObject {
  const text = textsOf(places ?? []).join('\n');
  return {
    request: { json: request, text: stage === 'input' ? text : '', isStreamingRequest: request.stream === true },
    response: { json: reply ?? {}, text: stage === 'output' ? text : '', statusCode: reply === undefined ? null : 200 },
    requestType: requestTypes[endpoint] ?? endpoint,
    metadata,
    eventType: stage === 'input' ? 'beforeRequestHook' : 'afterRequestHook',
  };
}

const requestTypes: Readonly<Record<string, string>> = {
  'chat/completions': 'chatComplete',
  completions: 'complete',
  embeddings: 'embed',
  responses: 'createModelResponse',
};

function verdictOf(text: string, { stage }: Subject): CheckOutcome {
  const answer: unknown = parsed(text);
  if (!isJsonObject(answer) || typeof answer.verdict !== 'boolean')
    throw new Error('The server did not answer with { "verdict": true | false }.');
  const { verdict, data = null, transformedData } = answer;
  const sides = isJsonObject(transformedData) ? transformedData : {};
  const side = stage === 'input' ? sides.request : sides.response;
  const body = isJsonObject(side) && isJsonObject(side.json) ? side.json : undefined;
  return { verdict, data, ...(body === undefined ? {} : { change: { kind: 'body', body } }) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
