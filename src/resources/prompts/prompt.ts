import type { DocumentVersion } from '../../core/document-store.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';

/** A prompt with its versions. */
export interface Prompt {
  readonly slug: string;
  readonly name: string;
  /** Those that are kept, the oldest first; at least one. */
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
  /** The change that made it, among all changes of the prompt. */
  readonly change: Pick<DocumentVersion, 'number' | 'versionId'>;
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
export type PromptChange = (
  | {
      readonly kind: 'version';
      readonly version: NewPromptVersion;
      readonly isPublished: boolean;
      /** Of the version; absent: the one after the latest. */
      readonly number?: number;
    }
  | { readonly kind: 'publish'; readonly number: number }
  | { readonly kind: 'label'; readonly number: number; readonly label: string }
) & {
  /** What stood before, so that older changes may go; absent: what they come to. */
  readonly before?: PromptBefore;
};

/** A prompt before a change, of which nothing but the versions themselves need be kept. */
export interface PromptBefore {
  readonly published: number;
  readonly labels: Readonly<Record<string, number>>;
  readonly createdAt: number;
  /** ID of the change that made a version, and the version's number; the oldest first. */
  readonly versions: readonly (readonly [changeId: string, number: number])[];
}

/** The prompt that a history, the latest change first, comes to; undefined for an empty one. */
export function toPrompt(history: readonly DocumentVersion[]): Prompt | undefined {
  const [latest] = history;
  const first = history.at(-1);
  if (latest === undefined || first === undefined) return undefined;
  const start = history.findIndex(({ content }) => readChange(content)?.before !== undefined);
  const before = history[start] === undefined ? undefined : readChange(history[start].content)?.before;
  const standing = standingBefore(before, history);
  const later = start < 0 ? history : history.slice(0, start + 1);
  for (const document of later.toReversed()) apply(document, standing);
  const { slug, name, number: changes, createdAt: updatedAt } = latest;
  return { slug, name, ...standing, changes, createdAt: before?.createdAt ?? first.createdAt, updatedAt };
}

/** A prompt while its changes are applied. */
interface Standing {
  readonly versions: PromptVersion[];
  readonly labels: Record<string, number>;
  published: number;
}

function standingBefore(before: PromptBefore | undefined, history: readonly DocumentVersion[]): Standing {
  if (before === undefined) return { versions: [], labels: {}, published: 1 };
  const byId = new Map(history.map((document) => [document.versionId, document]));
  const versions = before.versions.flatMap(([id, number]) => versionIn(byId.get(id), number));
  return { versions, labels: { ...before.labels }, published: before.published };
}

function apply(document: DocumentVersion, standing: Standing): void {
  const change = readChange(document.content);
  if (change?.kind === 'version') {
    const number = change.number ?? latestOf(standing) + 1;
    standing.versions.push(...versionIn(document, number));
    if (change.isPublished) standing.published = number;
  } else if (change?.kind === 'publish') standing.published = change.number;
  else if (change !== undefined) standing.labels[change.label] = change.number;
}

/** Number of the latest version. */
export function latestOf({ versions }: Pick<Prompt, 'versions'>): number {
  return versions.at(-1)?.number ?? 0;
}

/** What `change` is written with, so that of the versions only the last `most`, the published one and those with labels need be kept. */
export function boundHistory(
  { versions, published, labels, createdAt }: Prompt,
  change: PromptChange,
  most: number,
): { readonly before: PromptBefore; readonly keep: readonly number[] } {
  const isNew = change.kind === 'version';
  const named = new Set([published, ...Object.values(labels), ...(isNew ? [] : [change.number])]);
  const first = versions.length - (isNew ? most - 1 : most);
  const kept = versions.filter(({ number }, index) => index >= first || named.has(number));
  return {
    before: { published, labels, createdAt, versions: kept.map(({ change, number }) => [change.versionId, number]) },
    keep: kept.map(({ change }) => change.number),
  };
}

function versionIn(document: DocumentVersion | undefined, number: number): readonly PromptVersion[] {
  const change = document === undefined ? undefined : readChange(document.content);
  if (document === undefined || change?.kind !== 'version') return [];
  const { createdAt, number: position, versionId } = document;
  return [{ ...change.version, number, createdAt, change: { number: position, versionId } }];
}

/** What was written by a later version of this library is passed over. */
function readChange(content: JsonObject): PromptChange | undefined {
  const { kind, version, number, label } = content;
  if (kind === 'version') return isJsonObject(version) ? (content as unknown as PromptChange) : undefined;
  const isKnown = kind === 'publish' || (kind === 'label' && typeof label === 'string');
  return isKnown && typeof number === 'number' ? (content as unknown as PromptChange) : undefined;
}
