import fc from 'fast-check';
import type { JsonObject } from '../../../../src/core/json.ts';
import type { CodecScope } from '../../../../src/core/provider.ts';

/** A scope with a fixed clock and counted IDs; `dropped` gathers what was reported. */
export function scopeOf(options: Partial<CodecScope> & { body?: JsonObject } = {}): CodecScope & { dropped: string[] } {
  let ids = 0;
  const dropped: string[] = [];
  const { body = {}, ...rest } = options;
  return {
    request: { endpoint: 'chat/completions', body },
    model: 'gemini-2.5-flash',
    stream: false,
    strict: true,
    settings: {},
    now: () => 1_700_000_000_123,
    id: () => `id${++ids}`,
    drop: (param) => dropped.push(param),
    dropped,
    ...rest,
  };
}

/** Freezes `value` all the way down: a codec that writes to it throws. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}

type Fields = Record<string, unknown>;
interface Piece extends Fields {
  readonly index: number;
}
interface Chunk extends Fields {
  readonly usage?: unknown;
  readonly choices: readonly (Fields & { index: number; delta: Fields; logprobs?: { content: unknown[] } })[];
}

interface Choice {
  readonly index: number;
  readonly message: Fields;
  logprobs: { readonly content: unknown[]; readonly refusal: null } | null;
}

/** Folds chunks into the reply they stand for, as a client does; tool calls and content blocks by index. */
export function assemble(given: readonly JsonObject[]): JsonObject {
  const chunks = given as readonly Chunk[];
  const choices = new Map<number, Choice>();
  for (const { index, delta, finish_reason, logprobs, ...extras } of chunks.flatMap((chunk) => chunk.choices)) {
    const choice: Choice = choices.get(index) ?? { index, message: { content: null, refusal: null }, logprobs: null };
    choices.set(index, choice);
    Object.assign(choice, extras, finish_reason ? { finish_reason } : {});
    if (logprobs)
      choice.logprobs = { content: [...(choice.logprobs?.content ?? []), ...logprobs.content], refusal: null };
    for (const [key, value] of Object.entries(delta)) choice.message[key] = added(key, choice.message[key], value);
  }
  const { id, created, model } = chunks[0] as Chunk;
  const sorted = [...choices.entries()].sort(([a], [b]) => a - b).map(([, choice]) => choice);
  const usage = chunks.map((chunk) => chunk.usage).find((found) => found !== undefined && found !== null);
  return { id, object: 'chat.completion', created, model, choices: sorted, ...(usage === undefined ? {} : { usage }) };
}

function added(key: string, old: unknown, value: unknown): unknown {
  if (key === 'content' || key === 'reasoning_content') return `${old ?? ''}${value}`;
  if (key === 'tool_calls') return (value as Piece[]).reduce(withCall, (old as Fields[]) ?? []);
  if (key === 'content_blocks') return placed(old, value as Piece[], ({ delta }) => delta as Fields);
  return Array.isArray(value) ? [...((old as unknown[]) ?? []), ...value] : value;
}

function withCall(list: Fields[], { index, ...piece }: Piece): Fields[] {
  const before = list[index];
  const text = `${argumentsOf(before)}${argumentsOf(piece)}`;
  const calls = [...list];
  calls[index] = {
    ...before,
    ...piece,
    function: { ...Object(before?.function), ...Object(piece.function), arguments: text },
  };
  return calls;
}

function argumentsOf(call: Fields | undefined): string {
  return (call?.function as { arguments?: string } | undefined)?.arguments ?? '';
}

function placed(old: unknown, pieces: readonly Piece[], contentOf: (piece: Piece) => Fields): Fields[] {
  const list = [...((old as Fields[]) ?? [])];
  for (const piece of pieces) {
    const before = list[piece.index] ?? {};
    const merged = { ...before, ...contentOf(piece) };
    for (const key of ['text', 'thinking'].filter((key) => key in before)) merged[key] = `${before[key]}${merged[key]}`;
    list[piece.index] = merged;
  }
  return list;
}

/** Ways to cut `text` into one or more pieces, never inside a surrogate pair. */
export function splits(text: string): fc.Arbitrary<string[]> {
  const characters = [...text];
  return fc.array(fc.nat(characters.length), { maxLength: 4 }).map((cuts) => {
    const places = [0, ...cuts.sort((a, b) => a - b), characters.length];
    return places.slice(1).map((end, index) => characters.slice(places[index], end).join(''));
  });
}
