import { InvalidRequestError } from '../../core/errors/request-errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { latestOf } from './prompt.ts';
import type { FoundPrompt, PromptBook } from './prompt-book.ts';
import type { PromptRenderer, RenderedPrompt } from './prompt-completions.ts';
import { toObject, toSummary, toVersionObject, toWritten } from './prompt-objects.ts';
import { checkName, toVersionChanges } from './prompt-params.ts';
import type { PromptList, PromptListParams, PromptRunParams, Prompts } from './prompt-types.ts';
import { renderPrompt } from './render-prompt.ts';

/** The prompts of a client that keeps its own, but for sending them. */
export type PromptAdmin = Omit<Prompts, 'completions'>;

/** The prompts of `book`, written and read. */
export function promptAdmin(book: PromptBook): PromptAdmin {
  return {
    async create({ name, slug, ...body }) {
      const { template, parameters = {}, ...rest } = toVersionChanges(body);
      if (template === undefined) throw new InvalidRequestError('string', '"string" is the template of the prompt.');
      return toWritten(await book.create(checkName(name), slug, { template, parameters, ...rest }), 1);
    },
    retrieve: async (slug) => asObject(await book.find(slug)),
    list: async (query = {}) => page((await book.list()).map(toSummary), query),
    async update(slug, { name, ...body }) {
      const prompt = await book.update(slug, name === undefined ? undefined : checkName(name), toVersionChanges(body));
      return toWritten(prompt, latestOf(prompt));
    },
    async publish(slug, { version }) {
      return toWritten(await book.publish(slug, version), version);
    },
    async delete(slug) {
      await book.delete(slug);
      return { slug, deleted: true, object: 'prompt' };
    },
    async render(body) {
      return { success: true, data: (await rendered(book, body)).request.body };
    },
    versions: {
      async list(slug) {
        const prompt = await book.require(slug);
        return listOf(prompt.versions.toReversed().map((version) => toVersionObject(prompt, version)));
      },
      retrieve: async (slug, version) => asObject(await book.find(named(slug, version))),
      async update(slug, version, { label_id: label }) {
        if (typeof label !== 'string') throw new InvalidRequestError('label_id', '"label_id" is the name of a label.');
        const found = await book.find(named(slug, version));
        return toWritten(await book.label(slug, found.version.number, label), found.version.number);
      },
    },
  };
}

/** The prompts of a client that keeps its own, and the requests that they make. */
export function localPrompts(book: PromptBook): PromptAdmin & PromptRenderer {
  return { ...promptAdmin(book), toRequest: (body) => rendered(book, body) };
}

/** The request of a prompt. Rejects with `InvalidRequestError` and `NotFoundError`. */
export async function rendered(book: PromptBook, body: PromptRunParams): Promise<RenderedPrompt> {
  const { promptID, variables, overrides } = readRun(body);
  const { version } = await book.find(promptID);
  const { virtualKey } = version;
  return { request: renderPrompt(version, variables, overrides), virtualKey };
}

/** The members of a run apart. Throws `InvalidRequestError`. */
export function readRun(body: unknown) {
  if (!isJsonObject(body)) throw noPrompt();
  const { promptID, variables, ...overrides } = body;
  if (typeof promptID !== 'string' || promptID === '') throw noPrompt();
  return { promptID, variables, overrides: withoutNothing(overrides) };
}

function withoutNothing(overrides: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
}

function noPrompt(): InvalidRequestError {
  return new InvalidRequestError(
    'promptID',
    '"promptID" names a prompt: "pp-summary-1f3a5c", or with a version "…@3".',
  );
}

function named(slug: string, version: number | string): string {
  const text = String(version);
  return text.startsWith(`${slug}@`) ? text : `${slug}@${text}`;
}

function asObject({ prompt, version }: FoundPrompt) {
  return toObject(prompt, version);
}

function page<Item extends { readonly name: string; readonly slug: string }>(
  all: readonly Item[],
  { search, current_page: current = 0, page_size: size }: PromptListParams,
): PromptList<Item> {
  const wanted = search?.toLowerCase() ?? '';
  const found = all.filter(({ name, slug }) => `${name}\n${slug}`.toLowerCase().includes(wanted));
  if (size === undefined) return listOf(found);
  return { ...listOf(found), data: found.slice(current * size, (current + 1) * size) };
}

function listOf<Item>(data: readonly Item[]): PromptList<Item> {
  return { object: 'list', total: data.length, data };
}
