import type { EventListener, EventName, EventSink, PortkeyEvents } from './events.ts';

/** Listeners by event, and the sink that reaches them. */
export interface EventHub extends EventSink {
  on<Name extends EventName>(name: Name, listener: EventListener<Name>): void;
  off<Name extends EventName>(name: Name, listener: EventListener<Name>): void;
}

/** A hub without listeners. One that throws harms nobody: the others are told, and a `warning` event says so. */
export function createEventHub(): EventHub {
  const listeners = new Map<EventName, Set<(event: never) => void>>();
  const hub: EventHub = {
    on(name, listener) {
      const known = listeners.get(name);
      if (known === undefined) listeners.set(name, new Set([listener]));
      else known.add(listener);
    },
    off(name, listener) {
      const known = listeners.get(name);
      known?.delete(listener);
      if (known?.size === 0) listeners.delete(name);
    },
    wants: (name) => listeners.has(name),
    emit(name, event) {
      for (const listener of [...(listeners.get(name) ?? [])])
        call(listener as EventListener<typeof name>, name, event, hub);
    },
  };
  return hub;
}

function call<Name extends EventName>(
  listener: EventListener<Name>,
  name: Name,
  event: PortkeyEvents[Name],
  hub: EventSink,
): void {
  const report = (error: unknown) => {
    if (name === 'warning') return;
    const reason = error instanceof Error ? error.message : String(error);
    hub.emit('warning', { code: 'listener', message: `A listener of "${name}" failed: ${reason}` });
  };
  try {
    // An async listener's rejection must not become an unhandled one.
    const returned: unknown = listener(event);
    if (returned instanceof Promise) returned.catch(report);
  } catch (error) {
    report(error);
  }
}
