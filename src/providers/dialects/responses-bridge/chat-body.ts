import { TranslationError } from '../../../core/errors/reply-errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { CodecScope } from '../../../core/provider.ts';
import { asList, asNumber, asObject, asText, present } from '../shared/lenient.ts';
import type { BridgeScope } from './bridge-scope.ts';
import { responseFormat, toolChoice, tools, webSearch } from './chat-params.ts';
import { toMessages } from './messages.ts';

/**
 * A Responses request as a chat completion request. Parameters that both know, and those that neither knows, stay as they
 * are. Throws `TranslationError` for what needs a server that remembers; reports the rest that chat has no place for.
 */
export function toChatBody(body: JsonObject, bridge: BridgeScope): JsonObject {
  const { scope } = bridge;
  refuseState(body, scope);
  reportUnhonoured(body, scope);
  const options = asObject(body.text);
  const logprobs =
    asList(body.include).includes('message.output_text.logprobs') || (asNumber(body.top_logprobs) ?? 0) > 0;
  return {
    ...Object.fromEntries(Object.entries(body).filter(([name]) => !responsesOnly.has(name))),
    messages: toMessages(body, bridge),
    ...present({
      max_completion_tokens: body.max_output_tokens,
      reasoning_effort: asObject(body.reasoning).effort,
      response_format: responseFormat(body.text),
      verbosity: options.verbosity,
      tools: tools(body.tools, scope),
      web_search_options: webSearch(body.tools),
      tool_choice: toolChoice(body.tool_choice, scope),
      logprobs: logprobs ? true : undefined,
      stream_options: scope.stream ? { include_usage: true } : undefined,
    }),
  };
}

/** Names that chat does not know, or knows in another form. */
const responsesOnly: ReadonlySet<string> = new Set([
  ...['input', 'instructions', 'max_output_tokens', 'reasoning', 'text', 'tools', 'tool_choice', 'stream_options'],
  ...[
    'store',
    'include',
    'truncation',
    'previous_response_id',
    'conversation',
    'prompt',
    'background',
    'max_tool_calls',
  ],
  ...['context_management'],
]);

function refuseState(body: JsonObject, { request }: CodecScope): void {
  if (request.path !== undefined && request.path !== '/responses') {
    throw new TranslationError('path', `${request.path} asks for a kept response, and this target keeps none.`);
  }
  for (const name of ['previous_response_id', 'conversation', 'prompt'] as const) {
    if (body[name] === undefined || body[name] === null) continue;
    throw new TranslationError(
      name,
      `${name} asks for what OpenAI keeps, and this target keeps nothing. Send the whole conversation in input.`,
    );
  }
  if (body.background === true) {
    throw new TranslationError(
      'background',
      'background asks for a reply to fetch later, and this target keeps nothing. Leave it out.',
    );
  }
}

const honouredIncludes = ['message.output_text.logprobs', 'reasoning.encrypted_content'];

function reportUnhonoured(body: JsonObject, scope: CodecScope): void {
  if (body.store === true) scope.drop('store', 'This target keeps no responses');
  if (body.truncation === 'auto') scope.drop('truncation', 'This target cuts no input');
  for (const name of ['max_tool_calls', 'context_management'] as const) {
    if (body[name] != null) scope.drop(name, 'Chat completions have no such parameter');
  }
  for (const [index, wanted] of asList(body.include).entries()) {
    if (!honouredIncludes.includes(asText(wanted) ?? '')) {
      scope.drop(`include[${index}]`, 'Chat completions do not tell it');
    }
  }
}
