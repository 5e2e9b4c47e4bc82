import { TruncatedStreamError } from '../errors/reply-errors.ts';
import { addDelta, type ChoiceDraft, finishedChoice, isFinished, newChoice } from './assemble-choice.ts';
import { callIndex } from './assemble-parts.ts';
import type { ChatCompletionChunk } from './chat-chunk.ts';
import type { ChatCompletion } from './chat-reply.ts';
import type { ChatCompletionSnapshot } from './chat-snapshot.ts';
import { insertAt } from './insert-at.ts';
import type { ChatCompletionMessageToolCall } from './tools.ts';

/**
 * The whole answer that `chunks` are the pieces of, of any number of choices, with parallel tool calls in any order. Of
 * what is said more than once (ID, model, usage), the last non-empty value holds. Throws `TruncatedStreamError` when
 * there are no chunks or a choice has no finish reason.
 */
export function assembleChunks(chunks: Iterable<ChatCompletionChunk>): ChatCompletion {
  const assembler = chatAssembler();
  for (const chunk of chunks) assembler.add(chunk);
  return assembler.complete();
}

/** Puts chunks together one by one. */
export interface ChatAssembler {
  /** The answer so far; the same object all along, undefined before the first chunk. */
  readonly snapshot: ChatCompletionSnapshot | undefined;
  /** Adds what `chunk` brings to the snapshot. */
  add(chunk: ChatCompletionChunk): ChatCompletionSnapshot;
  /** The index of the call that `piece`, added before, belongs to: its own, or where the provider sends none, a made-up one. */
  callIndex(choiceIndex: number, piece: ChatCompletionChunk.Choice.Delta.ToolCall): number;
  /** The tool call with that index so far. */
  callAt(choiceIndex: number, index: number): ChatCompletionMessageToolCall | undefined;
  /** The whole answer. Throws `TruncatedStreamError` that says what was received. */
  complete(): ChatCompletion;
}

/** An empty {@link ChatAssembler}. */
export function chatAssembler(): ChatAssembler {
  let snapshot: ChatCompletionSnapshot | undefined;
  const drafts: ChoiceDraft[] = [];
  let chunkCount = 0;

  function draftOf(whole: ChatCompletionSnapshot, index: number): ChoiceDraft {
    return insertAt(drafts, index, (at) => {
      const draft = newChoice(index);
      whole.choices.splice(at, 0, draft.choice);
      return draft;
    });
  }

  const callsOf = (choiceIndex: number) => drafts.find(({ index }) => index === choiceIndex)?.calls ?? [];

  return {
    get snapshot() {
      return snapshot;
    },
    add(chunk) {
      chunkCount++;
      snapshot ??= { id: '', object: 'chat.completion', created: 0, model: '', choices: [] };
      addFacts(snapshot, chunk);
      for (const choice of chunk.choices ?? []) addDelta(draftOf(snapshot, choice.index ?? 0), choice);
      return snapshot;
    },
    callIndex: (choiceIndex, piece) => callIndex(callsOf(choiceIndex), piece),
    callAt: (choiceIndex, index) => callsOf(choiceIndex).find((call) => call.index === index)?.item,
    complete() {
      if (snapshot === undefined) throw cutShort('The stream ended before its first chunk', '', chunkCount);
      const { choices } = snapshot;
      const open = choices.find((choice) => !isFinished(choice));
      if (open !== undefined) {
        throw cutShort(`Choice ${open.index} has no finish reason`, open.message.content ?? '', chunkCount);
      }
      return { ...snapshot, choices: choices.map(finishedChoice) };
    },
  };
}

function cutShort(message: string, content: string, chunkCount: number): TruncatedStreamError {
  const error = new TruncatedStreamError(message);
  error.received = { content, chunkCount };
  return error;
}

/** `obfuscation` is padding of single chunks; `__proto__` is a name no provider may set. */
const notFacts: readonly string[] = ['choices', 'object', 'obfuscation', '__proto__'];

function addFacts(snapshot: ChatCompletionSnapshot, chunk: ChatCompletionChunk): void {
  for (const [name, value] of Object.entries(chunk)) {
    const empty = value === null || value === undefined || value === '';
    if (!empty && !notFacts.includes(name)) Object.assign(snapshot, { [name]: value });
  }
}
