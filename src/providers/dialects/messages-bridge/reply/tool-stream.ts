import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import { numberIn, parseJson, pick, stringOr } from '../../anthropic-messages/values.ts';

/** A streamed tool call, put in the order Anthropic's blocks need: one after the other. */
export interface ToolStream {
  /** Takes one entry of `delta.tool_calls`. */
  push(call: JsonObject): void;
  /** The reply has ended: writes what was held back. */
  end(): void;
  readonly hasCalls: () => boolean;
}

/** Where blocks are written. */
export interface BlockWriter {
  /** Closes the block that is open and opens `block`; returns its index. */
  open(block: JsonObject): number;
  /** Adds to the block at `index`; to the open one when absent. */
  add(delta: JsonObject, index?: number): void;
}

interface Call {
  readonly block: JsonObject;
  /** The arguments so far. */
  json: string;
  /** Of its block, once that is open. */
  index?: number;
}

/**
 * Writes calls as `tool_use` blocks. A call streams as it comes; once another begins it counts as complete when its
 * arguments are whole JSON, else the other is held back until the end, since some providers take turns between calls.
 * `id` makes an ID for a call without.
 */
export function toolStream(writer: BlockWriter, id: () => string): ToolStream {
  const calls = new Map<number, Call>();
  let current: Call | undefined;
  let isHeld = false;

  const open = (call: Call) => {
    current = call;
    call.index = writer.open(call.block);
    if (call.json !== '') writer.add({ type: 'input_json_delta', partial_json: call.json });
  };
  return {
    push(delta) {
      const fn = isJsonObject(delta['function']) ? delta['function'] : {};
      const json = stringOr(fn['arguments']);
      const index = numberIn(delta['index']) ?? 0;
      const known = calls.get(index);
      if (known === undefined) {
        const call = { block: toBlock(delta, fn, id), json };
        calls.set(index, call);
        isHeld ||= current !== undefined && parseJson(current.json) === undefined;
        if (!isHeld) open(call);
        return;
      }
      known.json += json;
      if (known.index !== undefined && json !== '') {
        writer.add({ type: 'input_json_delta', partial_json: json }, known.index);
      }
    },
    end() {
      for (const call of calls.values()) if (call.index === undefined) open(call);
    },
    hasCalls: () => calls.size > 0,
  };
}

function toBlock(delta: JsonObject, fn: JsonObject, id: () => string): JsonObject {
  const given = stringOr(delta['id']);
  return {
    type: 'tool_use',
    id: given === '' ? id() : given,
    name: stringOr(fn['name']),
    input: {},
    ...pick(delta, ['extra_content']),
  };
}
