import type { DocumentVersion } from '../../core/document-store.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';

/** A prompt with all its versions. */
export interface Prompt {
  readonly slug: string;
  readonly name: string;
  /** The oldest first; version n stands at n - 1. */
  readonly versions: readonly PromptVersion[];
  /** Version that is used where nobody says which. */
  readonly published: number;
  /** Label to version: `production` to 3. */
  readonly labels: Readonly<Record<string, number>>;
  /** Number of the latest change, of whatever sort. */
  readonly changes: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** One version of a prompt. */
export interface PromptVersion extends NewPromptVersion {
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** A version that is to be written. */
export interface NewPromptVersion {
  /** Messages, or the text of a completion, with `{{variables}}`. */
  readonly template: readonly JsonObject[] | string;
  /** Members of the request beside messages: `temperature`, `max_tokens`, `tools`, … */
  readonly parameters: JsonObject;
  readonly model?: string | undefined;
  readonly virtualKey?: string | undefined;
  readonly description?: string | undefined;
}

/** What happened to a prompt, as it is kept: its history is the list of these. */
export type PromptChange =
  | { readonly kind: 'version'; readonly version: NewPromptVersion; readonly isPublished: boolean }
  | { readonly kind: 'publish'; readonly number: number }
  | { readonly kind: 'label'; readonly number: number; readonly label: string };

/** The prompt that a history, the latest change first, comes to; undefined for an empty one. */
export function toPrompt(history: readonly DocumentVersion[]): Prompt | undefined {
  const [latest] = history;
  const first = history.at(-1);
  if (latest === undefined || first === undefined) return undefined;
  const versions: PromptVersion[] = [];
  const labels: Record<string, number> = {};
  let published = 1;
  for (const { content, createdAt } of history.toReversed()) {
    const change = readChange(content);
    if (change?.kind === 'version') {
      versions.push({ ...change.version, number: versions.length + 1, createdAt });
      if (change.isPublished) published = versions.length;
    } else if (change?.kind === 'publish') published = change.number;
    else if (change !== undefined) labels[change.label] = change.number;
  }
  const { slug, name, number: changes, createdAt: updatedAt } = latest;
  return { slug, name, versions, published, labels, changes, createdAt: first.createdAt, updatedAt };
}

/** What was written by a later version of this library is passed over. */
function readChange(content: JsonObject): PromptChange | undefined {
  const { kind, version, number, label } = content;
  if (kind === 'version') return isJsonObject(version) ? (content as unknown as PromptChange) : undefined;
  const isKnown = kind === 'publish' || (kind === 'label' && typeof label === 'string');
  return isKnown && typeof number === 'number' ? (content as unknown as PromptChange) : undefined;
}
