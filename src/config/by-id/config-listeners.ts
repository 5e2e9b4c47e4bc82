import type { EventSink } from '../../core/events.ts';
import { createListeners, type Listeners } from '../../stores/documents/listeners.ts';
import { publicReason } from '../../vault/bounded.ts';

/** The listeners of one source. One that throws is reported with a `warning` event and disturbs neither the others nor the source. */
export function configListeners(events: EventSink | undefined): Listeners {
  return createListeners((id, error) => {
    const message = `A listener for changed configs failed at config "${id}": ${publicReason(error)}.`;
    events?.emit('warning', { code: 'listener', message });
  });
}
