import { UnreadableReplyError } from '../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { CodecScope } from '../../../core/provider.ts';
import { asList, asNumber, asObject, asObjects, asText, present } from '../shared/lenient.ts';
import type { ItemStatus } from './item.ts';
import { newOutput, outputText } from './output.ts';
import { thinkingKeeper } from './thinking.ts';
import { usageOf } from './usage.ts';

/** A chat completion as a response object: its reasoning, its message and its calls are items, in this order. */
export function toResponse(completion: JsonObject, scope: CodecScope): JsonObject {
  const choice = asObjects(completion.choices)[0] ?? {};
  const { message } = choice;
  if (!isJsonObject(message)) throw new UnreadableReplyError('A chat completion without a message', completion);
  const identity = identityOf(completion, scope);
  const thinking = thinkingKeeper(wantsEncrypted(scope));
  const output = newOutput({ id: identity.id, write: () => undefined, takeEncrypted: thinking.take });
  output.reasoning(asText(message.reasoning_content) ?? '', thinking.add(message));
  output.text(asText(message.content) ?? '', asList(asObject(choice.logprobs).content));
  for (const annotation of asObjects(message.annotations)) output.annotation(annotation);
  output.refusal(asText(message.refusal) ?? '');
  for (const [index, call] of asObjects(message.tool_calls).entries()) output.call(index, call);
  const { itemStatus, members } = endingOf(asText(choice.finish_reason));
  return responseObject(identity, scope, {
    ...members,
    output: output.close(itemStatus),
    ...totalsOf(completion),
  });
}

/** What a response is called by. */
export interface Identity {
  /** Of the chat completion. */
  readonly id: string;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  readonly model: string;
}

/** ID, time and model of a chat completion or its first chunk. */
export function identityOf(completion: JsonObject, scope: CodecScope): Identity {
  return {
    id: asText(completion.id) ?? scope.id(),
    createdAt: asNumber(completion.created) ?? Math.floor(scope.now() / 1000),
    model: asText(completion.model) ?? scope.model,
  };
}

/** Does the caller want the signed thinking? */
export function wantsEncrypted({ request }: CodecScope): boolean {
  return asList(request.body.include).includes('reasoning.encrypted_content');
}

/** How a response ends, by chat's finish reason. */
export function endingOf(finishReason: string | undefined): {
  readonly itemStatus: ItemStatus;
  readonly members: JsonObject;
} {
  const reason = incompleteReasons.get(finishReason ?? '');
  return reason === undefined
    ? { itemStatus: 'completed', members: { status: 'completed' } }
    : { itemStatus: 'incomplete', members: { status: 'incomplete', incomplete_details: { reason } } };
}

const incompleteReasons: ReadonlyMap<string, string> = new Map([
  ['length', 'max_output_tokens'],
  ['content_filter', 'content_filter'],
]);

/** What a chat completion or a chunk says of the whole. */
export function totalsOf({ usage, service_tier }: JsonObject): JsonObject {
  return present({ usage: isJsonObject(usage) ? usageOf(usage) : undefined, service_tier });
}

/** A response object: what the request said, as OpenAI repeats it, and `members`. Nothing is stored. */
export function responseObject(identity: Identity, { request }: CodecScope, members: JsonObject): JsonObject {
  const { body } = request;
  const { effort, summary } = asObject(body.reasoning);
  return {
    id: `resp_${identity.id}`,
    object: 'response',
    created_at: identity.createdAt,
    status: 'in_progress',
    error: null,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    model: identity.model,
    output: [],
    output_text: outputText(asObjects(members.output)),
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: null,
    reasoning: { effort: effort ?? null, summary: summary ?? null },
    store: false,
    temperature: body.temperature ?? null,
    text: body.text ?? { format: { type: 'text' } },
    tool_choice: body.tool_choice ?? 'auto',
    tools: body.tools ?? [],
    top_p: body.top_p ?? null,
    truncation: 'disabled',
    usage: null,
    metadata: body.metadata ?? {},
    ...present({ user: body.user }),
    ...members,
  };
}
