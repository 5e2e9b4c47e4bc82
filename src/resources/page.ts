import type { CursorPage } from '../core/openai/index.ts';
import { type ReplyFacts, toWhole } from './reply-value.ts';
import type { ResponsePromise } from './response-promise.ts';
import type { ServedReply } from './served-reply.ts';

/** One page of a list. Iterating goes through this page and all that follow. */
export interface Page<Item> extends CursorPage<Item>, AsyncIterable<Item>, ReplyFacts {
  hasNextPage(): boolean;
  /** Rejects when there is none. */
  getNextPage(): Promise<Page<Item>>;
  /** This page, then the next, to the last. */
  iterPages(): AsyncIterable<Page<Item>>;
}

/** A page to come; iterating it goes through its items and those of all that follow. */
export type PagePromise<Item> = ResponsePromise<Page<Item>> & AsyncIterable<Item>;

/** Makes the call for the page after the item with this ID. */
export type FetchPage<Item> = (after: string) => ResponsePromise<Page<Item>>;

/** The first page, which can be iterated before it is there. */
export function firstPage<Item>(page: ResponsePromise<Page<Item>>): PagePromise<Item> {
  return Object.assign(page, {
    async *[Symbol.asyncIterator]() {
      yield* await page;
    },
  });
}

/** A served list as a page. Source: OpenAI API reference, "Pagination" of the list calls. */
export function toPage<Item extends { readonly id: string }>(served: ServedReply, fetch: FetchPage<Item>): Page<Item> {
  const value = toWhole<CursorPage<Item>>(served);
  const { data = [], has_more: more } = value;
  const last = data.at(-1)?.id;
  const members: Omit<Page<Item>, keyof CursorPage<Item> | keyof ReplyFacts> = {
    hasNextPage: () => more === true && last !== undefined,
    async getNextPage() {
      if (last === undefined || !page.hasNextPage())
        throw new RangeError('This is the last page. Ask hasNextPage() first.');
      return fetch(last);
    },
    async *iterPages() {
      let current = page;
      yield current;
      while (current.hasNextPage()) {
        current = await current.getNextPage();
        yield current;
      }
    },
    async *[Symbol.asyncIterator]() {
      for await (const { data: items } of page.iterPages()) yield* items;
    },
  };
  const page = Object.defineProperties(value, hidden(members)) as Page<Item>;
  page.data = data;
  return page;
}

/** As with `getHeaders()`: a page is compared and written as JSON as the provider sent it. */
function hidden(members: object): PropertyDescriptorMap {
  const keys = Reflect.ownKeys(members);
  return Object.fromEntries(keys.map((key) => [key, { value: Reflect.get(members, key), configurable: true }]));
}
