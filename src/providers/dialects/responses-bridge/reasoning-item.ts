import { announced, type Item, type Place } from './item.ts';

/** A `reasoning` item with one summary part. */
export interface ReasoningItem extends Item {
  readonly kind: 'reasoning';
  add(piece: string): void;
}

/** Begins a {@link ReasoningItem}. `takeEncrypted` is asked at its end for its `encrypted_content`; null leaves it out. */
export function reasoningItem(place: Place, takeEncrypted: () => string | null): ReasoningItem {
  const { index, write } = place;
  const id = `rs_${place.id}`;
  const at = { item_id: id, output_index: index, summary_index: 0 };
  let text = '';
  let encrypted: string | null = null;
  const part = () => ({ type: 'summary_text', text });

  const item = announced(
    place,
    (status) => ({
      id,
      type: 'reasoning',
      status,
      summary: text === '' ? [] : [part()],
      ...(encrypted === null ? {} : { encrypted_content: encrypted }),
    }),
    () => {
      encrypted = takeEncrypted();
      if (text === '') return;
      write({ type: 'response.reasoning_summary_text.done', ...at, text });
      write({ type: 'response.reasoning_summary_part.done', ...at, part: part() });
    },
  );
  return {
    ...item,
    kind: 'reasoning',
    add(piece) {
      if (text === '') write({ type: 'response.reasoning_summary_part.added', ...at, part: part() });
      text += piece;
      write({ type: 'response.reasoning_summary_text.delta', ...at, delta: piece });
    },
  };
}
