import type { EventSink } from '../../src/core/events.ts';

/** An event sink that keeps what it hears. */
export interface EventLog extends EventSink {
  readonly warnings: { readonly code: string; readonly message: string }[];
}

/** Makes an {@link EventLog}. */
export function eventLog(): EventLog {
  const warnings: { code: string; message: string }[] = [];
  return {
    warnings,
    wants: () => true,
    emit(name, event) {
      if (name === 'warning') warnings.push(event as { code: string; message: string });
    },
  };
}
