import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { asObject, asText, present } from '../../shared/lenient.ts';
import { jsonToolName } from '../json-tool.ts';
import { isCall } from './chat-reply.ts';
import { annotationOf, citationOf } from './citations.ts';

/** Reads one streamed content block; each function returns the `delta`s of the chunks to hand out. */
export interface BlockReader {
  delta(delta: JsonObject): readonly JsonObject[];
  /** The block is over. */
  stop(): readonly JsonObject[];
}

/** What the blocks of one stream share. */
export interface BlockScope {
  readonly strict: boolean;
  /** Index of the next tool call: 0, 1, 2, … */
  readonly nextCall: () => number;
  /** Takes `text` as the message's own; returns what is to be handed out of it now, and the content's length after it. */
  readonly text: (text: string) => { readonly content: string; readonly end: number };
  /** Told that the answer's tool was called: its input is the content. */
  readonly answered: () => void;
}

/** The reader for the block that begins with `start`, and the deltas of its beginning. Only tool uses are announced. */
export function openBlock(
  start: JsonObject,
  scope: BlockScope,
): { readonly reader: BlockReader; readonly deltas: readonly JsonObject[] } {
  const toolUse = start.toolUse;
  if (!isJsonObject(toolUse)) return { reader: contentReader(scope), deltas: [] };
  if (toolUse.name === jsonToolName) {
    scope.answered();
    return { reader: inputReader((content) => ({ content })), deltas: [] };
  }
  if (!isCall(toolUse)) return { reader: silentReader, deltas: [] };
  const index = scope.nextCall();
  const called = { name: toolUse.name, arguments: '' };
  return {
    reader: inputReader((text) => ({ tool_calls: [{ index, function: { arguments: text } }] })),
    deltas: [{ tool_calls: [{ index, id: toolUse.toolUseId, type: 'function', function: called }] }],
  };
}

const silentReader: BlockReader = { delta: () => [], stop: () => [] };

/** A tool's input as it comes, `{}` where none came: OpenAI's arguments are always JSON. */
function inputReader(toDelta: (text: string) => JsonObject): BlockReader {
  let isEmpty = true;
  return {
    delta({ toolUse }) {
      const input = asText(asObject(toolUse).input) ?? '';
      if (input === '') return [];
      isEmpty = false;
      return [toDelta(input)];
    },
    stop: () => (isEmpty ? [toDelta('{}')] : []),
  };
}

/** Text, reasoning and citations: their blocks are not announced, the first delta tells. */
function contentReader(scope: BlockScope): BlockReader {
  const { end: start } = scope.text('');
  const citations: JsonObject[] = [];
  const thinking = thinkingReader(scope.strict);
  return {
    delta(delta) {
      if (typeof delta.text === 'string') {
        const { content } = scope.text(delta.text);
        return content === '' ? [] : [{ content }];
      }
      if (isJsonObject(delta.citation)) citations.push(delta.citation);
      return isJsonObject(delta.reasoningContent) ? thinking.delta(delta.reasoningContent) : [];
    },
    stop: () => [...thinking.stop(), ...cited(citations, { start, end: scope.text('').end }, scope.strict)],
  };
}

function cited(citations: readonly JsonObject[], span: { start: number; end: number }, strict: boolean): JsonObject[] {
  const annotations = citations.map((citation) => annotationOf(citation, span)).filter((one) => one !== undefined);
  const delta = {
    ...(annotations.length > 0 ? { annotations } : {}),
    ...(strict || citations.length === 0 ? {} : { citations: citations.map((one) => citationOf(one, span)) }),
  };
  return Object.keys(delta).length > 0 ? [delta] : [];
}

/** Reasoning as it comes, and unless strict the whole block at its end, as it must be sent back. */
function thinkingReader(strict: boolean): BlockReader {
  let thinking: string | undefined;
  let signature: string | undefined;
  const redacted: string[] = [];
  return {
    delta(piece) {
      if (typeof piece.signature === 'string') signature = (signature ?? '') + piece.signature;
      if (typeof piece.redactedContent === 'string') redacted.push(piece.redactedContent);
      if (typeof piece.text !== 'string') return [];
      thinking = (thinking ?? '') + piece.text;
      return piece.text === '' ? [] : [{ reasoning_content: piece.text }];
    },
    stop() {
      if (strict) return [];
      const isSeen = thinking !== undefined || signature !== undefined;
      const blocks = [
        ...(isSeen ? [{ type: 'thinking', thinking: thinking ?? '', ...present({ signature }) }] : []),
        ...(redacted.length > 0 ? [{ type: 'redacted_thinking', data: joinBase64(redacted) }] : []),
      ];
      return blocks.length > 0 ? [{ thinking_blocks: blocks }] : [];
    },
  };
}

/** Each piece is base64 of its own bytes. */
function joinBase64(pieces: readonly string[]): string {
  return btoa(pieces.map((piece) => atob(piece)).join(''));
}
