import type { JsonObject } from '../../../core/json.ts';

/** Writes one event of a response; `sequence_number` is added by whoever sends it. */
export type WriteEvent = (event: JsonObject) => void;

/** Where an item stands in the output. */
export interface Place {
  /** Item ID without the prefix that tells its kind. */
  readonly id: string;
  /** `output_index` */
  readonly index: number;
  readonly write: WriteEvent;
}

export type ItemStatus = 'completed' | 'incomplete';

/** One output item as it comes about. */
export interface Item {
  /** Writes the closing events, once. */
  end(status: ItemStatus): void;
  /** The item as it stands. */
  value(): JsonObject;
}

/** An item that says `response.output_item.added` now, and `response.output_item.done` when it ends, after what `close` writes. */
export function announced(
  { index, write }: Place,
  valueAt: (status: ItemStatus | 'in_progress') => JsonObject,
  close: () => void,
): Item {
  let status: ItemStatus | undefined;
  write({ type: 'response.output_item.added', output_index: index, item: valueAt('in_progress') });
  return {
    end(ending) {
      if (status !== undefined) return;
      status = ending;
      close();
      write({ type: 'response.output_item.done', output_index: index, item: valueAt(ending) });
    },
    value: () => valueAt(status ?? 'in_progress'),
  };
}
