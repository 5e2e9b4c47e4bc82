/**
 * A conversation as every wire format tells it: who said what, in order. Neighbours of one speaker are not told apart,
 * because most formats join them.
 */
export interface Conversation {
  /** Instructions, in order, wherever the format keeps them. */
  readonly instructions: readonly string[];
  readonly said: readonly Said[];
}

/** One thing somebody said. A tool's result is the user's. */
export type Said = readonly [speaker: 'user' | 'assistant', item: Item];

/** A text, an image, a tool call, or a tool's result; results name their call's ID. */
export type Item =
  | { readonly text: string }
  | { readonly image: string }
  | { readonly call: { readonly id: string; readonly name: string; readonly arguments: unknown } }
  | { readonly result: { readonly id: string; readonly text: string } };

/** The same with IDs `call 0`, `call 1`, … in the order of the calls, for formats that bear none. */
export function numbered({ instructions, said }: Conversation): Conversation {
  const ids = said.flatMap(([, item]) => ('call' in item ? [item.call.id] : []));
  const idOf = (id: string) => `call ${ids.indexOf(id)}`;
  return {
    instructions,
    said: said.map(([speaker, item]): Said => {
      if ('call' in item) return [speaker, { call: { ...item.call, id: idOf(item.call.id) } }];
      return 'result' in item ? [speaker, { result: { ...item.result, id: idOf(item.result.id) } }] : [speaker, item];
    }),
  };
}

/** Any JSON object of a wire format. */
export type Wire = Readonly<Record<string, unknown>>;

/** `value` as a list of JSON objects; empty where it is none. */
export function list(value: unknown): readonly Wire[] {
  return Array.isArray(value) ? value : [];
}

/** `value` as a JSON object; empty where it is none. */
export function object(value: unknown): Wire {
  return typeof value === 'object' && value !== null ? (value as Wire) : {};
}
