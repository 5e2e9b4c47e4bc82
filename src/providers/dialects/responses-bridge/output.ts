import type { JsonObject } from '../../../core/json.ts';
import { asObject, asObjects, asText } from '../shared/lenient.ts';
import { type CallItem, callItem } from './call-item.ts';
import type { Item, ItemStatus, Place, WriteEvent } from './item.ts';
import { type MessageItem, messageItem } from './message-item.ts';
import { type ReasoningItem, reasoningItem } from './reasoning-item.ts';

/** The output items of one response, as they come about. Empty pieces change nothing. */
export interface Output {
  /** `piece` may be empty where reasoning is told to have begun without text. */
  reasoning(piece: string, hasBegun?: boolean): void;
  text(piece: string, logprobs: readonly unknown[]): void;
  refusal(piece: string): void;
  /** An annotation of the message being written, in chat's form. */
  annotation(annotation: JsonObject): void;
  /** A tool call of chat, or a piece of one; `index` tells which. */
  call(index: number, call: JsonObject): void;
  /** Has any item begun? */
  hasBegun(): boolean;
  /** Ends every item, the last with `status`, and returns all, in order. */
  close(status: ItemStatus): readonly JsonObject[];
}

/** What an {@link Output} is made with. */
export interface OutputOptions {
  /** Of the response; items are numbered after it. */
  readonly id: string;
  readonly write: WriteEvent;
  /** The signed thinking gathered since it was last taken. */
  readonly takeEncrypted: () => string | null;
}

/**
 * Collects output items and writes their events. Reasoning and messages end when something else begins, calls at the very
 * end: providers may stream several at a time. Source: OpenAI API reference, "Streaming events".
 */
export function newOutput({ id, write, takeEncrypted }: OutputOptions): Output {
  const items: Item[] = [];
  const calls = new Map<number, CallItem>();
  let open: ReasoningItem | MessageItem | undefined;

  function place(): Place {
    open?.end('completed');
    open = undefined;
    return { id: `${id}_${items.length}`, index: items.length, write };
  }
  function begin<Begun extends Item>(item: Begun): Begun {
    items.push(item);
    return item;
  }
  function reasoning(): ReasoningItem {
    if (open?.kind === 'reasoning') return open;
    const item = begin(reasoningItem(place(), takeEncrypted));
    open = item;
    return item;
  }
  function message(): MessageItem {
    if (open?.kind === 'message') return open;
    const item = begin(messageItem(place()));
    open = item;
    return item;
  }

  return {
    reasoning(piece, hasBegun = false) {
      if (piece !== '') reasoning().add(piece);
      else if (hasBegun) reasoning();
    },
    text(piece, logprobs) {
      if (piece !== '') message().text(piece, logprobs);
    },
    refusal(piece) {
      if (piece !== '') message().refusal(piece);
    },
    annotation(annotation) {
      if (open?.kind === 'message') open.annotation(annotation);
    },
    call(index, call) {
      const known = calls.get(index);
      if (known === undefined) calls.set(index, begin(callItem(place(), call)));
      else known.add(asText(asObject(call.function).arguments) ?? '');
    },
    hasBegun: () => items.length > 0,
    close(status) {
      for (const [index, item] of items.entries()) item.end(index === items.length - 1 ? status : 'completed');
      return items.map((item) => item.value());
    },
  };
}

/** The text of all messages among `items`, joined. */
export function outputText(items: readonly JsonObject[]): string {
  const parts = items.flatMap((item) => (item.type === 'message' ? asObjects(item.content) : []));
  return parts.map((part) => (part.type === 'output_text' ? (asText(part.text) ?? '') : '')).join('');
}
