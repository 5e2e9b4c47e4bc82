import type { JsonObject } from '../../../../core/json.ts';
import { objectsIn, omit, stringOr } from '../values.ts';
import { toAnnotations } from './annotations.ts';
import { isJsonAnswer, keptBlock } from './content-block.ts';

/** Reads one streamed content block; every function returns the `delta`s of the chunks to hand out. */
export interface BlockReader {
  start(): readonly JsonObject[];
  delta(delta: JsonObject): readonly JsonObject[];
  stop(): readonly JsonObject[];
}

/** What the blocks of one stream share. */
export interface BlockScope {
  readonly strict: boolean;
  /** Index of the next tool call: 0, 1, 2, … */
  readonly nextCall: () => number;
  /** Counts `text` as content; returns the content's length after it. */
  readonly advance: (text: string) => number;
}

/** The reader for `block`, the `content_block` that opened at `index`. Source: Claude docs, "Streaming Messages". */
export function readBlock(block: JsonObject, index: number, scope: BlockScope): BlockReader {
  const keep: Keep = (delta) => (scope.strict ? {} : { content_blocks: [{ index, delta }] });
  if (isJsonAnswer(block)) return jsonAnswer(block, scope);
  switch (block['type']) {
    case 'text':
      return text(block, keep, scope);
    case 'thinking':
      return thinking(block, keep);
    case 'tool_use':
      return toolCall(block, keep, scope);
    default:
      return other(block, keep);
  }
}

/** The part of a delta that keeps Anthropic's own, as Portkey streams it: `content_blocks: [{index, delta}]`. */
type Keep = (delta: JsonObject) => JsonObject;

function text(block: JsonObject, keep: Keep, { advance }: BlockScope): BlockReader {
  const start = advance('');
  const citations: JsonObject[] = [...objectsIn(block['citations'])];
  const content = (piece: string, kept: JsonObject): readonly JsonObject[] => {
    advance(piece);
    return delta({ ...(piece === '' ? {} : { content: piece }), ...keep(kept) });
  };
  return {
    start: () => content(stringOr(block['text']), block),
    delta(received) {
      const piece = stringOr(received['text']);
      if (received['type'] === 'text_delta') return piece === '' ? [] : content(piece, { text: piece });
      const cited = objectsIn([received['citation']]);
      citations.push(...cited);
      return cited.flatMap((citation) => delta(keep({ citation })));
    },
    stop() {
      const annotations = toAnnotations(citations, { start, end: advance('') });
      return annotations.length === 0 ? [] : [{ annotations }];
    },
  };
}

function thinking(block: JsonObject, keep: Keep): BlockReader {
  const reasoning = (piece: string, kept: JsonObject) =>
    delta({ ...(piece === '' ? {} : { reasoning_content: piece }), ...keep(kept) });
  return {
    start: () => reasoning(stringOr(block['thinking']), block),
    delta(received) {
      const piece = stringOr(received['thinking']);
      if (piece !== '') return reasoning(piece, { thinking: piece });
      const signature = stringOr(received['signature']);
      return signature === '' ? [] : delta(keep({ signature }));
    },
    stop: () => [],
  };
}

function toolCall(block: JsonObject, keep: Keep, { nextCall }: BlockScope): BlockReader {
  const index = nextCall();
  const call = { id: stringOr(block['id']), type: 'function' };
  const input = joinedInput(block, (json) => ({ tool_calls: [{ index, function: { arguments: json } }] }));
  const first = { name: stringOr(block['name']), arguments: '' };
  return {
    ...input,
    start: () => [{ tool_calls: [{ index, ...call, function: first }], ...keep(keptBlock(block)) }],
  };
}

function jsonAnswer(block: JsonObject, { advance }: BlockScope): BlockReader {
  return joinedInput(block, (json) => {
    advance(json);
    return { content: json };
  });
}

// A tool without parameters streams no input at all, yet its arguments must be JSON.
function joinedInput(block: JsonObject, toDelta: (json: string) => JsonObject): BlockReader {
  let isEmpty = true;
  return {
    start: () => [],
    delta(received) {
      const json = stringOr(received['partial_json']);
      if (json === '') return [];
      isEmpty = false;
      return [toDelta(json)];
    },
    stop: () => (isEmpty ? [toDelta(JSON.stringify(block['input'] ?? {}))] : []),
  };
}

function other(block: JsonObject, keep: Keep): BlockReader {
  return {
    start: () => delta(keep(block)),
    delta: (received) => delta(keep(omit(received, ['type']))),
    stop: () => [],
  };
}

/** `members` as the only delta; none when there is nothing to say. */
function delta(members: JsonObject): readonly JsonObject[] {
  return Object.keys(members).length === 0 ? [] : [members];
}
