import type { JsonObject } from '../../../core/json.ts';
import { asObject, asText } from '../shared/lenient.ts';
import { announced, type Item, type Place } from './item.ts';

/** A `function_call` item. */
export interface CallItem extends Item {
  readonly kind: 'function_call';
  /** Adds to the arguments. */
  add(piece: string): void;
}

/** Begins a {@link CallItem} with the first piece of a chat tool call. */
export function callItem(place: Place, call: JsonObject): CallItem {
  const { index, write } = place;
  const id = `fc_${place.id}`;
  const called = asObject(call.function);
  const at = { item_id: id, output_index: index };
  let args = '';
  const item = announced(
    place,
    (status) => ({ id, type: 'function_call', status, call_id: call.id, name: called.name, arguments: args }),
    () => write({ type: 'response.function_call_arguments.done', ...at, name: called.name, arguments: args }),
  );
  const begun: CallItem = {
    ...item,
    kind: 'function_call',
    add(piece) {
      if (piece === '') return;
      args += piece;
      write({ type: 'response.function_call_arguments.delta', ...at, delta: piece });
    },
  };
  begun.add(asText(called.arguments) ?? '');
  return begun;
}
