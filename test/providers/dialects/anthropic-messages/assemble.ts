import type { JsonObject } from '../../../../src/core/json.ts';

interface Call {
  readonly id: string;
  readonly type: string;
  readonly function: { readonly name: string; readonly arguments: string };
}

interface Reading {
  readonly message: JsonObject;
  readonly calls: readonly Call[];
  readonly blocks: ReadonlyMap<number, JsonObject>;
  readonly choice: JsonObject;
}

/** What a reader makes of chunks: strings joined, calls and blocks put together by index, the last chunk's envelope. */
export function assemble(chunks: readonly JsonObject[]): JsonObject {
  const empty = { role: 'assistant', content: '', refusal: null };
  const start: Reading = { message: empty, calls: [], blocks: new Map(), choice: {} };
  const choices = chunks.flatMap((chunk) => chunk['choices'] as { delta: JsonObject }[]);
  const { message, calls, blocks, choice } = choices.reduce(readChoice, start);
  const kept = [...blocks].sort(([a], [b]) => a - b).map(([, block]) => finished(block));
  const { choices: _, ...envelope } = chunks.at(-1) as JsonObject;
  const whole = {
    ...message,
    content: message['content'] === '' ? null : message['content'],
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
    ...(blocks.size === 0 ? {} : { content_blocks: kept }),
  };
  return { ...envelope, object: 'chat.completion', choices: [{ ...choice, message: whole }] };
}

function readChoice(reading: Reading, { delta, ...rest }: { delta: JsonObject }): Reading {
  const blocks = (delta['content_blocks'] ?? []) as { index: number; delta: JsonObject }[];
  const calls = (delta['tool_calls'] ?? []) as (Call & { index: number })[];
  return {
    choice: { ...reading.choice, ...rest },
    message: readMessage(reading.message, delta),
    calls: calls.reduce(readCall, reading.calls),
    blocks: new Map([...reading.blocks, ...blocks.map((part) => readBlock(reading.blocks, part))]),
  };
}

function readMessage(message: JsonObject, delta: JsonObject): JsonObject {
  const strings = ['content', 'reasoning_content', 'refusal'].filter((name) => typeof delta[name] === 'string');
  const annotations = (delta['annotations'] ?? []) as JsonObject[];
  return {
    ...message,
    ...Object.fromEntries(strings.map((name) => [name, `${message[name] ?? ''}${delta[name]}`])),
    ...(annotations.length === 0
      ? {}
      : { annotations: [...((message['annotations'] ?? []) as JsonObject[]), ...annotations] }),
  };
}

function readCall(calls: readonly Call[], { index, ...call }: Call & { index: number }): readonly Call[] {
  const known = calls[index];
  if (known === undefined) return [...calls, call];
  const joined = { ...known.function, arguments: known.function.arguments + call.function.arguments };
  return calls.with(index, { ...known, function: joined });
}

function readBlock(
  blocks: ReadonlyMap<number, JsonObject>,
  { index, delta }: { index: number; delta: JsonObject },
): readonly [number, JsonObject] {
  const known = blocks.get(index);
  if (known === undefined) return [index, delta];
  const { citation, ...strings } = delta;
  if (citation !== undefined) return [index, { ...known, citations: [...(known['citations'] as []), citation] }];
  const joined = Object.entries(strings).map(([name, value]) => [name, `${known[name] ?? ''}${value}`]);
  return [index, { ...known, ...Object.fromEntries(joined) }];
}

function finished({ partial_json: json, ...block }: JsonObject): JsonObject {
  return typeof json === 'string' ? { ...block, input: JSON.parse(json) } : block;
}
