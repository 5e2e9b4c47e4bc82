import type { ReplyOutcome } from './reply.ts';

/** Tells listeners once how a reply ended; late listeners are told at once. */
export interface Settlement {
  settle(outcome: ReplyOutcome): void;
  onSettle(listener: (outcome: ReplyOutcome) => void): void;
}

/** A settlement that has not happened yet. Only the first `settle` counts. */
export function settlement(): Settlement {
  let settledAs: ReplyOutcome | undefined;
  let listeners: ((outcome: ReplyOutcome) => void)[] = [];
  return {
    settle(outcome) {
      if (settledAs !== undefined) return;
      settledAs = outcome;
      const told = listeners;
      listeners = [];
      for (const listener of told) listener(outcome);
    },
    onSettle(listener) {
      if (settledAs === undefined) listeners.push(listener);
      else listener(settledAs);
    },
  };
}
