import type { ChatAssembler } from '../core/openai/assemble.ts';
import type { ChatCompletionChunk } from '../core/openai/chat-chunk.ts';
import type { ChatCompletionSnapshot } from '../core/openai/chat-snapshot.ts';
import { type ParseParams, parseArguments, parseContent } from './chat-parse.ts';
import type { ChatCompletionStreamEvents } from './chat-stream-events.ts';
import { parsePartialJson } from './partial-json.ts';

/** What a reporter works with. */
export interface ReporterScope {
  readonly params: ParseParams;
  readonly assembler: ChatAssembler;
  readonly emit: (event: keyof ChatCompletionStreamEvents, ...args: readonly unknown[]) => void;
}

/** Adds chunks to the assembler and reports what they bring as events, in the order of the `openai` package. */
export function chatEventReporter(scope: ReporterScope): (chunk: ChatCompletionChunk) => void {
  const states = new Map<number, ChoiceState>();
  return (chunk) => {
    const snapshot = scope.assembler.add(chunk);
    scope.emit('chunk', chunk, snapshot);
    for (const part of chunk.choices ?? []) {
      const choice = snapshot.choices.find(({ index }) => index === (part.index ?? 0));
      if (choice === undefined) continue;
      const state = states.get(choice.index) ?? { choice, done: new Set(), call: undefined };
      states.set(choice.index, state);
      reportChoice(scope, state, part);
    }
  };
}

interface ChoiceState {
  readonly choice: ChatCompletionSnapshot.Choice;
  /** What is reported once and was. */
  readonly done: Set<string>;
  /** Index of the call whose pieces come now. */
  call: number | undefined;
}

function reportChoice(scope: ReporterScope, state: ChoiceState, part: ChatCompletionChunk.Choice): void {
  const { choice } = state;
  const pieces = part.delta?.tool_calls ?? [];
  if (choice.message.role === 'assistant') reportDeltas(scope, choice, part);
  if (choice.finish_reason) reportDone(scope, state);
  for (const piece of pieces) {
    const index = scope.assembler.callIndex(choice.index, piece);
    if (state.call !== index) reportDone(scope, state);
    state.call = index;
  }
  for (const piece of pieces) reportCallDelta(scope, choice.index, piece);
}

function reportDeltas({ params, emit }: ReporterScope, choice: ChatCompletionSnapshot.Choice, part: Part): void {
  const { delta, logprobs } = part;
  const { content, refusal } = choice.message;
  if (typeof delta?.content === 'string' && content) {
    emit('content', delta.content, content);
    emit('content.delta', {
      delta: delta.content,
      snapshot: content,
      get parsed() {
        return params.response_format?.type === 'json_schema' && !refusal ? parsePartialJson(content) : undefined;
      },
    });
  }
  if (typeof delta?.refusal === 'string' && refusal) emit('refusal.delta', { delta: delta.refusal, snapshot: refusal });
  for (const kind of ['content', 'refusal'] as const) {
    const more = logprobs?.[kind];
    if (more) emit(`logprobs.${kind}.delta`, { [kind]: more, snapshot: choice.logprobs?.[kind] ?? [] });
  }
}

type Part = ChatCompletionChunk.Choice;

function reportCallDelta({ params, assembler, emit }: ReporterScope, choiceIndex: number, piece: ToolCallPiece): void {
  const index = assembler.callIndex(choiceIndex, piece);
  const call = assembler.callAt(choiceIndex, index);
  if (call?.type !== 'function') return;
  const { name, arguments: args } = call.function;
  emit('tool_calls.function.arguments.delta', {
    name,
    index,
    arguments: args,
    arguments_delta: piece.function?.arguments ?? '',
    get parsed_arguments() {
      return args !== '' && isStrict(params, name) ? parsePartialJson(args) : undefined;
    },
  });
}

type ToolCallPiece = ChatCompletionChunk.Choice.Delta.ToolCall;

/** Another call begins, or the choice is done: so is the content, and the call that came until now. */
function reportDone({ params, assembler, emit }: ReporterScope, { choice, done, call: index }: ChoiceState): void {
  const once = (event: keyof ChatCompletionStreamEvents, value: object | undefined) => {
    if (value === undefined || done.has(event)) return;
    done.add(event);
    emit(event, value);
  };
  const { message, logprobs } = choice;
  once('content.done', contentDone(params, message));
  once('refusal.done', message.refusal ? { refusal: message.refusal } : undefined);
  once('logprobs.content.done', logprobs?.content ? { content: logprobs.content } : undefined);
  once('logprobs.refusal.done', logprobs?.refusal ? { refusal: logprobs.refusal } : undefined);

  const call = index === undefined ? undefined : assembler.callAt(choice.index, index);
  if (call?.type !== 'function' || done.has(`call ${index}`)) return;
  if (choice.finish_reason) done.add(`call ${index}`);
  const { name, arguments: args } = call.function;
  emit('tool_calls.function.arguments.done', {
    name,
    index,
    arguments: args,
    get parsed_arguments() {
      return parseArguments(params, { name, arguments: args });
    },
  });
}

/** Empty content beside a refusal or tool calls is no content. */
function contentDone(params: ParseParams, message: ChatCompletionSnapshot.Choice.Message): object | undefined {
  const { content, refusal } = message;
  const instead = refusal || message.tool_calls?.length || message.function_call;
  if (typeof content !== 'string' || (content === '' && instead)) return undefined;
  return {
    content,
    get parsed() {
      return refusal ? null : parseContent(params, content);
    },
  };
}

function isStrict({ tools }: ParseParams, name: string): boolean {
  return (tools ?? []).some(
    (tool) => tool.type === 'function' && tool.function.name === name && tool.function.strict === true,
  );
}
