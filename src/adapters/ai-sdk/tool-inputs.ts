import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { extraOf, textOf } from './content.ts';
import { type Kept, keep } from './kept.ts';
import type { StreamPart } from './spec.ts';

/** Tool calls that come in pieces. */
export interface ToolInputs {
  /** `fallback`: its index where the piece has none. */
  push(piece: JsonObject, fallback: number): StreamPart[];
  /** Ends the calls that are open, in their order. */
  finish(): StreamPart[];
}

interface OpenCall {
  readonly id: string;
  readonly name: string;
  input: string;
  kept: Kept;
}

/** The calls of one stream. A call is whole, and handed out to be run, when the next one begins. */
export function toolInputs(): ToolInputs {
  const open = new Map<number, OpenCall>();
  const seen = new Set<number>();

  function finish(): StreamPart[] {
    const calls = [...open.values()];
    open.clear();
    return calls.flatMap(({ id, name, input, kept }) => [
      { type: 'tool-input-end', id },
      { type: 'tool-call', toolCallId: id, toolName: name, input: input === '' ? '{}' : input, ...keep(kept) },
    ]);
  }

  return {
    finish,
    push(piece, fallback) {
      const index = typeof piece['index'] === 'number' ? piece['index'] : fallback;
      const called = isJsonObject(piece['function']) ? piece['function'] : {};
      const parts: StreamPart[] = [];
      const name = textOf(called['name']);
      if (!open.has(index) && !seen.has(index) && name !== '') {
        parts.push(...finish());
        const id = textOf(piece['id']) || `call-${index}`;
        seen.add(index);
        open.set(index, { id, name, input: '', kept: {} });
        parts.push({ type: 'tool-input-start', id, toolName: name });
      }
      const call = open.get(index);
      if (call === undefined) return parts;
      const delta = textOf(called['arguments']);
      call.input += delta;
      call.kept = { ...call.kept, ...extraOf(piece) };
      if (delta !== '') parts.push({ type: 'tool-input-delta', id: call.id, delta });
      return parts;
    },
  };
}
