import type { EventSink } from '../../core/events.ts';
import type { Outage } from '../../routing/middleware/index.ts';
import { publicReason } from '../../vault/bounded.ts';

/** Who hears of a store that is gone. */
export interface OutageWatch {
  readonly outage: Outage;
  readonly events: EventSink;
  /** What it keeps: `configs`. */
  readonly what: string;
}

/** For `onLook` of a store: tells once for each outage that changes cannot be looked for. */
export function watchOutage({ outage, events, what }: OutageWatch): (failure: unknown) => void {
  return (failure) => {
    if (failure === undefined) return outage.ends();
    if (!outage.begins()) return;
    const message = `The store of ${what} does not answer: ${publicReason(failure)}. What is known is kept.`;
    events.emit('warning', { code: 'config_reload', message });
  };
}
