import type { EventSink } from '../../core/events.ts';
import { publicReason } from '../../vault/bounded.ts';
import type { ConfigListener } from './config-source.ts';

/** The listeners of one source. One that throws is reported with a `warning` event and disturbs neither the others nor the source. */
export function configListeners(events: EventSink | undefined): ConfigListeners {
  const listeners = new Set<ConfigListener>();
  return {
    subscribe(listener) {
      // Wrapped, so that a function subscribed twice is two listeners.
      const own: ConfigListener = (id) => listener(id);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    notify(id) {
      for (const listener of listeners) {
        try {
          listener(id);
        } catch (error) {
          const message = `A listener for changed configs failed at config "${id}": ${publicReason(error)}.`;
          events?.emit('warning', { code: 'listener', message });
        }
      }
    },
  };
}

/** See {@link configListeners}. */
export interface ConfigListeners {
  subscribe(listener: ConfigListener): () => void;
  notify(id: string): void;
}
