import type { JsonObject } from '../../../core/json.ts';

/** Keys and indexes that lead to a value. */
export type Path = readonly (string | number)[];

/** Where a text stands in a body. */
export interface TextPlace {
  readonly path: Path;
  readonly text: string;
  /** Texts of one group are one text for a check: the parts of a message, the answer of one choice. */
  readonly group: number | string;
  /** Says again what another place of its group says: no check reads it, but it changes along. */
  readonly isCopy?: true;
}

/** The text of each group. */
export function textsOf(places: readonly TextPlace[]): readonly string[] {
  const [only] = places;
  if (only !== undefined && places.length === 1) return [only.text];
  const groups = new Map<TextPlace['group'], string>();
  for (const { group, text, isCopy } of places) {
    if (isCopy === true) continue;
    const before = groups.get(group);
    groups.set(group, before === undefined ? text : `${before}\n${text}`);
  }
  return [...groups.values()];
}

/** A copy of `body` with other texts in these places. Only what lies on the way is copied. */
export function withTexts<Body>(body: Body, changes: Iterable<readonly [Path, string]>): Body {
  let changed: unknown = body;
  for (const [path, text] of changes) changed = set(changed, path, text);
  return changed as Body;
}

function set(value: unknown, [head, ...rest]: Path, text: string): unknown {
  if (head === undefined) return text;
  if (Array.isArray(value)) return value.with(Number(head), set(value[Number(head)], rest, text));
  const object = value as JsonObject;
  return { ...object, [head]: set(object[head], rest, text) };
}

/** Texts in `content` at `path`: a string, or those parts of a list whose `type` is listed, by their `text`. */
export function contentPlaces(
  content: unknown,
  path: Path,
  group: TextPlace['group'],
  types: readonly string[] = ['text'],
): readonly TextPlace[] {
  if (typeof content === 'string') return [{ path, text: content, group }];
  if (!Array.isArray(content)) return [];
  return content.flatMap((part: { readonly type?: unknown; readonly text?: unknown } | null, index) =>
    typeof part?.text === 'string' && types.includes(String(part.type))
      ? [{ path: [...path, index, 'text'], text: part.text, group }]
      : [],
  );
}
