import { UnreadableReplyError } from '../../../core/errors/reply-errors.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { CodecScope, StreamDecoder } from '../../../core/provider.ts';
import { asNumber, asObject, asObjects, asText, present } from '../shared/lenient.ts';
import { isUsageAsked } from '../shared/usage-asked.ts';
import { type Addition, type CandidateReader, candidateReader } from './candidate-reader.ts';
import { extrasOf, identityOf, throwForReply } from './chat-reply.ts';
import { finishReasonOf, throwForFinish } from './finish-reason.ts';
import { annotationsOf } from './grounding.ts';
import { withSignature } from './thought-signature.ts';
import { usageOf } from './usage.ts';

/**
 * A decoder for `streamGenerateContent?alt=sse`, whose events are replies that each bring a piece. The finish chunk of
 * a choice is handed out when the wire ends, because some models repeat a finish reason on every event; it bears the
 * usage, unless the caller's `stream_options.include_usage` asks for a last chunk of its own.
 */
export function decodeChatStream(scope: CodecScope): StreamDecoder {
  const state: State = { scope, created: Math.floor(scope.now() / 1000), choices: new Map(), usage: {} };
  return {
    push(event, emit) {
      if (event.data.trim() === '[DONE]') return;
      const response = parse(event.data);
      throwForReply(response);
      state.identity ??= identityOf(response, scope);
      state.usage = { ...state.usage, ...asObject(response.usageMetadata) };
      for (const [position, candidate] of asObjects(response.candidates).entries()) {
        const chunk = readCandidate(candidate, position, state);
        if (chunk !== undefined) emit(chunk);
      }
    },
    end(emit) {
      const choices = [...state.choices.entries()];
      if (choices.length === 0 || choices.some(([, { reader }]) => reader.facts().finishReason === undefined)) {
        return false;
      }
      finish(choices, state, emit);
      return true;
    },
  };
}

interface Choice {
  readonly reader: CandidateReader;
  started: boolean;
}

interface State {
  readonly scope: CodecScope;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly choices: Map<number, Choice>;
  /** The members of every `usageMetadata` so far; the last event's count. */
  usage: JsonObject;
  identity?: { readonly id: string; readonly model: string };
}

function parse(data: string): JsonObject {
  try {
    const value: unknown = JSON.parse(data);
    const first: unknown = Array.isArray(value) ? value[0] : value;
    if (isJsonObject(first)) return first;
  } catch {
    // Falls through to the error below, which shows what came.
  }
  throw new UnreadableReplyError('An event of a Gemini stream that is not JSON', data);
}

function readCandidate(candidate: JsonObject, position: number, state: State): JsonObject | undefined {
  throwForFinish(candidate);
  const index = asNumber(candidate.index) ?? position;
  const choice = state.choices.get(index) ?? newChoice(state.scope);
  state.choices.set(index, choice);
  const addition = choice.reader.read(candidate);
  const delta = deltaOf(addition);
  const logprobs = addition.logprobs === undefined ? null : { content: addition.logprobs, refusal: null };
  if (Object.keys(delta).length === 0 && logprobs === null) return undefined;
  return chunkOf(state, [{ index, delta: withRole(delta, choice), logprobs, finish_reason: null }]);
}

function newChoice(scope: CodecScope): Choice {
  return { reader: candidateReader(scope), started: false };
}

function deltaOf(addition: Addition): JsonObject {
  const { toolCalls, images, audio, blocks } = addition;
  return {
    ...present({
      content: addition.content,
      reasoning_content: addition.reasoning,
      tool_calls: toolCalls.length > 0 ? toolCalls.map(({ index, call }) => ({ index, ...call })) : undefined,
      images: images.length > 0 ? images : undefined,
      audio,
      content_blocks: blocks.length > 0 ? blocks.map(({ index, piece }) => ({ index, delta: piece })) : undefined,
    }),
    ...withSignature(addition.signature),
  };
}

/** The role comes first, once a choice. */
function withRole(delta: JsonObject, choice: Choice): JsonObject {
  if (choice.started) return delta;
  choice.started = true;
  return { role: 'assistant', ...delta };
}

function chunkOf(state: State, choices: readonly JsonObject[]): JsonObject {
  const { id, model } = state.identity ?? { id: '', model: '' };
  const chunk = { id, object: 'chat.completion.chunk', created: state.created, model, choices };
  return isUsageAsked(state.scope) ? { ...chunk, usage: null } : chunk;
}

function finish(choices: readonly [number, Choice][], state: State, emit: (chunk: JsonObject) => void): void {
  const usage = Object.keys(state.usage).length > 0 ? usageOf(state.usage) : undefined;
  const apart = isUsageAsked(state.scope);
  for (const [position, [index, choice]] of choices.entries()) {
    const chunk = chunkOf(state, [finishChoice(index, choice, state.scope)]);
    const last = position === choices.length - 1;
    emit(last && !apart && usage !== undefined ? { ...chunk, usage } : chunk);
  }
  if (apart && usage !== undefined) emit({ ...chunkOf(state, []), usage });
}

function finishChoice(index: number, choice: Choice, scope: CodecScope): JsonObject {
  const facts = choice.reader.facts();
  const delta = present({ annotations: annotationsOf(facts, choice.reader.text()) });
  return {
    index,
    delta: withRole(delta, choice),
    logprobs: null,
    finish_reason: finishReasonOf(asText(facts.finishReason) ?? 'STOP', choice.reader.hasToolCalls()),
    ...extrasOf(facts, scope),
  };
}
