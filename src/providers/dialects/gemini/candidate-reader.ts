import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { CodecScope } from '../../../core/provider.ts';
import { joinBase64 } from '../shared/base64.ts';
import { asObject, asObjects, asText, present } from '../shared/lenient.ts';
import { logprobsOf } from './logprobs.ts';
import { withSignature } from './thought-signature.ts';

/** Reads one candidate: once for a whole reply, chunk by chunk for a stream. Counts and block numbers run on across reads. */
export interface CandidateReader {
  /** What this chunk adds. */
  read(candidate: JsonObject): Addition;
  /** The visible text of all reads so far. */
  text(): string;
  /** Has any read brought a tool call? */
  hasToolCalls(): boolean;
  /** The candidate's members of all reads, later ones beating earlier: finish reason, grounding, ratings. */
  facts(): JsonObject;
}

/** What a chunk adds to a message. Absent members add nothing. */
export interface Addition {
  readonly content?: string;
  readonly reasoning?: string;
  readonly toolCalls: readonly IndexedCall[];
  readonly images: readonly JsonObject[];
  readonly audio?: AudioPiece;
  readonly blocks: readonly BlockPiece[];
  /** Signature of the message's text. */
  readonly signature?: string;
  readonly logprobs?: readonly JsonObject[];
}

/** Base64 of whole samples; `id` is the same for all pieces of a message. */
export interface AudioPiece {
  readonly id: string;
  readonly data: string;
}

/** A tool call with its place among all of the message. */
export interface IndexedCall {
  readonly index: number;
  readonly call: JsonObject;
}

/** A piece of a content block; pieces of one index belong together, their strings one after another. */
export interface BlockPiece {
  readonly index: number;
  readonly piece: JsonObject;
}

/** A reader for one candidate of one reply. `scope.id` makes the IDs of calls that Gemini sent none for. */
export function candidateReader(scope: CodecScope): CandidateReader {
  const state: State = {
    scope,
    text: '',
    calls: 0,
    images: 0,
    block: -1,
    blockType: undefined,
    audioId: undefined,
    facts: {},
  };
  return {
    read(candidate) {
      const { content, logprobsResult, ...facts } = candidate;
      state.facts = { ...state.facts, ...facts };
      const draft: Draft = { toolCalls: [], images: [], blocks: [], sounds: [] };
      for (const part of asObjects(asObject(content).parts)) readPart(part, draft, state);
      state.text += draft.content ?? '';
      return finished(draft, logprobsOf(candidate), state);
    },
    text: () => state.text,
    hasToolCalls: () => state.calls > 0,
    facts: () => state.facts,
  };
}

interface State {
  readonly scope: CodecScope;
  text: string;
  calls: number;
  images: number;
  /** Number of the content block that is being added to; -1 before the first. */
  block: number;
  audioId: string | undefined;
  blockType: string | undefined;
  facts: JsonObject;
}

interface Draft extends Addition {
  content?: string;
  reasoning?: string;
  signature?: string;
  readonly toolCalls: IndexedCall[];
  readonly images: JsonObject[];
  /** Base64, one piece each. */
  readonly sounds: string[];
  readonly blocks: BlockPiece[];
}

function finished(draft: Draft, logprobs: readonly JsonObject[] | undefined, state: State): Addition {
  const { sounds, ...addition } = draft;
  if (sounds.length > 0) state.audioId ??= `audio_${state.scope.id()}`;
  const audio = { id: state.audioId ?? '', data: joinBase64(sounds) };
  return { ...addition, ...(sounds.length > 0 ? { audio } : {}), ...(logprobs === undefined ? {} : { logprobs }) };
}

function readPart(part: JsonObject, draft: Draft, state: State): void {
  const signature = asText(part.thoughtSignature);
  if (isJsonObject(part.functionCall)) readCall(part.functionCall, signature, draft, state);
  else if (isJsonObject(part.inlineData)) readMedia(part, draft, state);
  else if (typeof part.text === 'string') readText(part, part.text, draft, state);
  else addBlock({ type: 'native', part }, draft, state);
}

function readText(part: JsonObject, text: string, draft: Draft, state: State): void {
  const signature = asText(part.thoughtSignature);
  if (part.thought === true) {
    if (text !== '') draft.reasoning = (draft.reasoning ?? '') + text;
    addBlock({ type: 'thinking', thinking: text, ...withSignature(signature) }, draft, state);
    return;
  }
  if (text !== '') draft.content = (draft.content ?? '') + text;
  if (signature !== undefined) draft.signature = signature;
  addBlock({ type: 'text', text, ...withSignature(signature) }, draft, state);
}

function readCall(call: JsonObject, signature: string | undefined, draft: Draft, state: State): void {
  const made = {
    id: asText(call.id) ?? `call_${state.scope.id()}`,
    type: 'function',
    function: { name: asText(call.name) ?? '', arguments: JSON.stringify(call.args ?? {}) },
    ...withSignature(signature),
  };
  draft.toolCalls.push({ index: state.calls, call: made });
  state.calls += 1;
}

/** Images and audio of the answer; what the model drew while thinking, and other media, show in the content blocks only. */
function readMedia(part: JsonObject, draft: Draft, state: State): void {
  const { mimeType, data } = asObject(part.inlineData);
  const type = asText(mimeType) ?? '';
  if (part.thought !== true && type.startsWith('image/')) {
    const image = { type: 'image_url', image_url: { url: `data:${type};base64,${asText(data) ?? ''}` } };
    const signed = { ...image, ...withSignature(asText(part.thoughtSignature)) };
    draft.images.push({ index: state.images, ...signed });
    state.images += 1;
    addBlock(signed, draft, state);
  } else if (part.thought !== true && type.startsWith('audio/')) {
    draft.sounds.push(asText(data) ?? '');
  } else {
    addBlock({ type: 'native', part }, draft, state);
  }
}

/** Blocks are for callers who asked for more than OpenAI's fields. A run of text, or of thoughts, is one block. */
function addBlock(piece: JsonObject, draft: Draft, state: State): void {
  if (state.scope.strict) return;
  const type = asText(piece.type);
  const goesOn = (type === 'text' || type === 'thinking') && type === state.blockType;
  if (!goesOn) state.block += 1;
  state.blockType = type;
  const last = draft.blocks.at(-1);
  if (goesOn && last?.index === state.block) draft.blocks.pop();
  const whole = goesOn && last?.index === state.block ? joined(last.piece, piece) : piece;
  draft.blocks.push({ index: state.block, piece: whole });
}

function joined(first: JsonObject, second: JsonObject): JsonObject {
  const texts = ['text', 'thinking'].filter((key) => key in first);
  return {
    ...first,
    ...second,
    ...present(Object.fromEntries(texts.map((key) => [key, `${first[key] ?? ''}${second[key] ?? ''}`]))),
  };
}
