import type { JsonObject } from '../json.ts';
import { addBlock, addToolCall, type BlockDraft, finishedBlock, type Indexed } from './assemble-parts.ts';
import type { ChatCompletionChunk } from './chat-chunk.ts';
import type { ChatCompletion, ChatCompletionAudio, ChatFinishReason, ChatLogprobs } from './chat-reply.ts';
import type { ChatCompletionSnapshot } from './chat-snapshot.ts';
import type { ContentBlock } from './extensions.ts';
import type { ChatCompletionMessageToolCall } from './tools.ts';

/** A choice and, by the index their pieces name, the things it is made of. */
export interface ChoiceDraft {
  readonly index: number;
  readonly choice: ChatCompletionSnapshot.Choice;
  readonly calls: Indexed<ChatCompletionMessageToolCall>[];
  readonly blocks: Indexed<BlockDraft>[];
}

/** A choice nothing was said in yet. */
export function newChoice(index: number): ChoiceDraft {
  return { index, choice: { index, message: {}, finish_reason: null, logprobs: null }, calls: [], blocks: [] };
}

/** Adds one chunk's part of a choice. */
export function addDelta(draft: ChoiceDraft, { delta, finish_reason, logprobs }: ChatCompletionChunk.Choice): void {
  const { choice } = draft;
  const { message } = choice;
  if (finish_reason) choice.finish_reason = finish_reason;
  if (logprobs) choice.logprobs = joinLogprobs(choice.logprobs, logprobs);
  if (!delta) return;
  const { tool_calls, content_blocks, function_call, audio, ...rest } = delta;
  for (const [name, value] of Object.entries(rest)) addMember(message, name, value);
  if (audio) message.audio = joinAudio(message.audio, audio);
  if (function_call) message.function_call = joinNamed(message.function_call, function_call);
  for (const piece of tool_calls ?? []) addToolCall(message, draft.calls, piece);
  for (const piece of content_blocks ?? []) addBlock(message, draft.blocks, piece);
}

/** Has all of `choice` come? */
export function isFinished({ finish_reason, message }: ChatCompletionSnapshot.Choice): boolean {
  return (finish_reason ?? endOfAudio(message.audio)) !== null;
}

/** A finished `choice` as it stands in an answer. */
export function finishedChoice(choice: ChatCompletionSnapshot.Choice): ChatCompletion.Choice {
  const { message } = choice;
  const reason = choice.finish_reason ?? endOfAudio(message.audio) ?? 'stop';
  const { audio, content_blocks: blocks, ...rest } = message;
  return {
    ...choice,
    finish_reason: reason,
    message: {
      ...rest,
      ...(audio && { audio: audio as ChatCompletionAudio }),
      ...(blocks && { content_blocks: blocks.map((block) => finishedBlock({ ...block }) as unknown as ContentBlock) }),
      role: 'assistant',
      content: message.content ?? null,
      refusal: message.refusal ?? null,
    },
  };
}

/** Members that come in pieces of text. `reasoning` is what OpenRouter and vLLM call `reasoning_content`. */
const textMembers: readonly string[] = ['content', 'refusal', 'reasoning_content', 'reasoning'];

function addMember(message: ChatCompletionSnapshot.Choice.Message, name: string, value: unknown): void {
  if (value === null || value === undefined || name === '__proto__') return;
  const before = (message as JsonObject)[name];
  Object.assign(message, { [name]: joinMember(name, before, value) });
}

function joinMember(name: string, before: unknown, value: unknown): unknown {
  if (textMembers.includes(name) && typeof before === 'string') return `${before}${value}`;
  if (Array.isArray(before) && Array.isArray(value)) return [...before, ...value];
  return value;
}

function joinLogprobs(before: ChatLogprobs | null, more: ChatLogprobs): ChatLogprobs {
  const join = <Item>(left: Item[] | null | undefined, right: Item[] | null | undefined) =>
    left && right ? [...left, ...right] : (right ?? left ?? null);
  return { content: join(before?.content, more.content), refusal: join(before?.refusal, more.refusal) };
}

function joinAudio(before: AudioSoFar | undefined, more: AudioSoFar): AudioSoFar {
  const whole = { ...before };
  if (more.id) whole.id = more.id;
  if (more.expires_at !== undefined) whole.expires_at = more.expires_at;
  if (more.data) whole.data = (whole.data ?? '') + more.data;
  if (more.transcript) whole.transcript = (whole.transcript ?? '') + more.transcript;
  return whole;
}

type AudioSoFar = Partial<ChatCompletionAudio>;

/** OpenAI ends a spoken answer with its expiry alone, without a finish reason. */
function endOfAudio(audio: AudioSoFar = {}): ChatFinishReason | null {
  const members = [audio.id, audio.data, audio.transcript, audio.expires_at];
  return members.includes(undefined) ? null : 'stop';
}

function joinNamed(before: Named | undefined, more: Partial<Named>): Named {
  return { name: more.name || before?.name || '', arguments: (before?.arguments ?? '') + (more.arguments ?? '') };
}

interface Named {
  name: string;
  arguments: string;
}
