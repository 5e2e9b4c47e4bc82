import { watchOutage } from '../../config/by-id/watch-outage.ts';
import { didYouMean } from '../../core/did-you-mean.ts';
import type { DocumentStore } from '../../core/document-store.ts';
import { apiError } from '../../core/errors/api-error.ts';
import { isDropped, versionDropped } from '../../core/errors/document-errors.ts';
import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Runtime } from '../../core/runtime.ts';
import { createOutage } from '../../routing/middleware/index.ts';
import { untilWritten } from '../../stores/documents/until-written.ts';
import { lookupCache } from '../../vault/lookup-cache.ts';
import {
  boundHistory,
  latestOf,
  type NewPromptVersion,
  type Prompt,
  type PromptChange,
  type PromptVersion,
  toPrompt,
} from './prompt.ts';
import { checkTemplate } from './render-prompt.ts';

/** Prompts, their versions and labels. */
export interface PromptBook {
  create(name: string, slug: string | undefined, version: NewPromptVersion): Promise<Prompt>;
  list(): Promise<readonly Prompt[]>;
  /** As it is now. Rejects with `NotFoundError`. */
  require(slug: string): Promise<Prompt>;
  /** The version that `slug`, `slug@3`, `slug@latest` or `slug@label` names; known from before where nothing was changed. */
  find(promptId: string): Promise<FoundPrompt>;
  /** Adds a version made of the latest and `changes`; it is used where it is named, and everywhere once it is published. */
  update(slug: string, name: string | undefined, changes: Partial<NewPromptVersion>): Promise<Prompt>;
  publish(slug: string, number: number): Promise<Prompt>;
  label(slug: string, number: number, label: string): Promise<Prompt>;
  delete(slug: string): Promise<void>;
}

/** A version of a prompt that was asked for. */
export interface FoundPrompt {
  readonly prompt: Prompt;
  readonly version: PromptVersion;
}

/** The prompts of the store that `open` gives. */
export function promptBook(
  open: () => Promise<DocumentStore>,
  runtime: Pick<Runtime, 'clock' | 'traceId' | 'events'>,
): PromptBook {
  const { all, required, cached, write, change, remove } = promptRecords(open, runtime);
  return {
    async create(name, given, version) {
      checkTemplate(version.template);
      const slug = given ?? slugFor(name, runtime.traceId().slice(0, 6));
      checkSlug(slug);
      return write({ slug, name }, { kind: 'version', version, isPublished: true });
    },
    list: all,
    require: required,
    async find(promptId) {
      const at = promptId.lastIndexOf('@');
      const [slug, wanted] = at <= 0 ? [promptId, undefined] : [promptId.slice(0, at), promptId.slice(at + 1)];
      const prompt = await cached(slug);
      return { prompt, version: versionOf(prompt, numberOf(prompt, wanted)) };
    },
    async update(slug, name, changes) {
      if (changes.template !== undefined) checkTemplate(changes.template);
      const toNext = (prompt: Prompt): PromptChange => {
        const number = latestOf(prompt);
        const { number: _number, createdAt: _createdAt, change: _change, ...latest } = versionOf(prompt, number);
        return { kind: 'version', version: { ...latest, ...changes }, isPublished: false, number: number + 1 };
      };
      return change(slug, toNext, name);
    },
    publish: (slug, number) =>
      change(slug, (prompt) => ({ kind: 'publish', number: versionOf(prompt, number).number })),
    async label(slug, number, label) {
      checkLabel(label);
      return change(slug, (prompt) => ({ kind: 'label', label, number: versionOf(prompt, number).number }));
    },
    delete: remove,
  };
}

/** Prompts as a store keeps them. */
function promptRecords(open: () => Promise<DocumentStore>, { clock, events }: Pick<Runtime, 'clock' | 'events'>) {
  const read = async (slug: string) => toPrompt(await (await open()).versions(slug));
  // What another instance changed is seen as soon as the store tells of it, or this long after.
  const times = { ttlMs: 2000, staleMs: 600_000, negativeTtlMs: 1000 };
  const cache = lookupCache<Prompt>({ look: read, clock, ...times, maxEntries: 1000 });
  let isListening = false;

  async function orNotFound(slug: string, found: Prompt | undefined): Promise<Prompt> {
    if (found !== undefined) return found;
    const known = (await (await open()).list()).map((document) => document.slug);
    const message = `There is no prompt "${slug}".${didYouMean(slug, known)}`;
    throw apiError({ status: 404, kind: 'not_found', type: 'not_found', code: 'unknown_prompt', message });
  }

  const required = async (slug: string) => orNotFound(slug, await read(slug));

  /** `prompt`: what is changed; undefined for a new one, below which may lie the versions of one that was removed. */
  async function write(
    { slug, name }: Pick<Prompt, 'slug' | 'name'>,
    change: PromptChange,
    prompt?: Prompt,
  ): Promise<Prompt> {
    const store = await open();
    const bound =
      prompt === undefined ? undefined : boundHistory(prompt, change, store.keepVersions ?? Number.POSITIVE_INFINITY);
    const content = { ...change, ...(bound === undefined ? {} : { before: bound.before }) } as unknown as JsonObject;
    await store.put({ slug, name, content }, prompt?.changes ?? 0, bound?.keep ?? 'all');
    cache.expire(slug);
    return required(slug);
  }

  return {
    required,
    write,
    async all() {
      const documents = await (await open()).list();
      return (await Promise.all(documents.map(({ slug }) => read(slug)))).filter((prompt) => prompt !== undefined);
    },
    async cached(slug: string) {
      if (!isListening) {
        isListening = true;
        const onLook = watchOutage({ outage: createOutage(), events, what: 'prompts' });
        (await open()).subscribe?.(cache.expire, onLook);
      }
      return orNotFound(slug, await cache.get(slug));
    },
    /** Where another changes the same prompt at once, this goes on from what that did. */
    change: (slug: string, toChange: (prompt: Prompt) => PromptChange, name?: string): Promise<Prompt> =>
      untilWritten(async () => {
        const prompt = await required(slug);
        return write({ slug, name: name ?? prompt.name }, toChange(prompt), prompt);
      }),
    async remove(slug: string) {
      await required(slug);
      await (await open()).delete(slug);
      cache.expire(slug);
    },
  };
}

function slugFor(name: string, suffix: string): string {
  return ['pp', wordsOf(name), suffix].filter((part) => part !== '').join('-');
}

function checkSlug(slug: string): void {
  if (/^[a-z0-9][\w.-]{0,199}$/i.test(slug)) return;
  throw new InvalidRequestError(
    'slug',
    'A slug has letters, digits, ".", "_" and "-", and begins with a letter or digit.',
  );
}

function checkLabel(label: string): void {
  if (/^[a-z][\w.-]{0,99}$/i.test(label) && label !== 'latest') return;
  throw new InvalidRequestError(
    'label_id',
    'A label begins with a letter and has letters, digits, ".", "_" and "-"; "latest" is taken.',
  );
}

function wordsOf(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);
}

function numberOf(prompt: Prompt, wanted: string | undefined): number {
  const { slug, published, labels } = prompt;
  if (wanted === undefined) return published;
  if (wanted === 'latest') return latestOf(prompt);
  if (/^\d+$/.test(wanted)) return Number(wanted);
  const labelled = Object.hasOwn(labels, wanted) ? labels[wanted] : undefined;
  if (labelled !== undefined) return labelled;
  const hint = didYouMean(wanted, Object.keys(labels)) || ` Labels: ${Object.keys(labels).join(', ') || 'none'}.`;
  throw new InvalidRequestError('promptID', `Prompt "${slug}" has no version labelled "${wanted}".${hint}`);
}

function versionOf({ slug, versions }: Prompt, number: number): PromptVersion {
  const version = versions.find((one) => one.number === number);
  if (version !== undefined) return version;
  const kept = versions.toReversed();
  if (isDropped(number, kept)) throw versionDropped(`prompt "${slug}"`, number, kept);
  throw new InvalidRequestError(
    'version',
    `Prompt "${slug}" has no version ${number}. It has ${versions[0]?.number ?? 1} to ${kept[0]?.number ?? 0}.`,
  );
}
