import type { ChatCompletionChunk, ContentBlockDelta } from './chat-chunk.ts';
import type { ChatCompletionSnapshot } from './chat-snapshot.ts';
import type { ContentBlock } from './extensions.ts';
import { insertAt } from './insert-at.ts';
import type { ChatCompletionMessageToolCall } from './tools.ts';

/** A part of a message and the index its pieces name. */
export interface Indexed<Item> {
  readonly index: number;
  readonly item: Item;
}

/** Adds a piece of a tool call to the call at its index, which it may begin. */
export function addToolCall(
  message: ChatCompletionSnapshot.Choice.Message,
  calls: Indexed<ChatCompletionMessageToolCall>[],
  piece: ChatCompletionChunk.Choice.Delta.ToolCall,
): void {
  const index = callIndex(calls, piece);
  const { item: call } = insertAt(calls, index, (at) => {
    const item = newToolCall(piece);
    message.tool_calls ??= [];
    message.tool_calls.splice(at, 0, item);
    return { index, item };
  });
  if (piece.id) call.id = piece.id;
  if (piece.extra_content) call.extra_content = { ...call.extra_content, ...piece.extra_content };
  if (call.type === 'function') {
    call.function.name = piece.function?.name || call.function.name;
    call.function.arguments += piece.function?.arguments ?? '';
  } else {
    call.custom.name = piece.custom?.name || call.custom.name;
    call.custom.input += piece.custom?.input ?? '';
  }
}

/** The index of the call `piece` belongs to. Some providers leave it out: a piece without an ID goes on with the last call. */
export function callIndex(
  calls: readonly Indexed<ChatCompletionMessageToolCall>[],
  { index, id }: ChatCompletionChunk.Choice.Delta.ToolCall,
): number {
  if (index !== undefined) return index;
  const known = id === undefined ? calls.at(-1) : calls.find(({ item }) => item.id === id);
  return known?.index ?? (calls.at(-1)?.index ?? -1) + 1;
}

/** Some providers leave the type out. */
function newToolCall(piece: ChatCompletionChunk.Choice.Delta.ToolCall): ChatCompletionMessageToolCall {
  return piece.type === 'custom' || (piece.type === undefined && piece.custom)
    ? { id: '', type: 'custom', custom: { name: '', input: '' } }
    : { id: '', type: 'function', function: { name: '', arguments: '' } };
}

/** Adds a piece of a content block to the block at its index, which it may begin. */
export function addBlock(
  message: ChatCompletionSnapshot.Choice.Message,
  blocks: Indexed<BlockDraft>[],
  { index, delta }: ContentBlockDelta,
): void {
  const { item: block } = insertAt(blocks, index, (at) => {
    const item: BlockDraft = { type: typeOf(delta) };
    message.content_blocks ??= [];
    message.content_blocks.splice(at, 0, item as unknown as ContentBlock);
    return { index, item };
  });
  for (const [name, value] of Object.entries(delta)) {
    if (value !== null && value !== undefined && name !== '__proto__') addBlockMember(block, name, value);
  }
}

/** A content block of any kind, as far as it came. */
export type BlockDraft = Record<string, unknown>;

const blockTexts = ['text', 'thinking', 'signature', 'data', 'partial_json'];

function addBlockMember(block: BlockDraft, name: string, value: unknown): void {
  if (name === 'citation') block.citations = [...(Array.isArray(block.citations) ? block.citations : []), value];
  else block[name] = blockTexts.includes(name) ? `${block[name] ?? ''}${value}` : value;
}

/** `block`, complete: the JSON text of an input has become the input. */
export function finishedBlock(block: BlockDraft): BlockDraft {
  const { partial_json: json, ...rest } = block;
  return typeof json === 'string' ? { ...rest, input: parsedOr(json, rest.input) } : block;
}

function typeOf({ type, text, data }: ContentBlockDelta['delta']): string {
  if (type !== undefined) return type;
  if (data !== undefined) return 'redacted_thinking';
  return text === undefined ? 'thinking' : 'text';
}

function parsedOr(json: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return otherwise;
  }
}
