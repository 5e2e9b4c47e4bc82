import type { SharedAnswer, SharedMessage, SharedState } from '../../src/core/shared-state.ts';

/** A shared state that answers as it is told to, and remembers every message. */
export interface ScriptedState extends SharedState {
  readonly messages: SharedMessage[];
  /** What comes of messages from now on. Default: the first candidate is taken. */
  behave(behaviour: Behaviour): void;
  /** Answers the messages that hang, in order, as it behaves now. */
  wake(): void;
}

/** An answer, or the facts of one that differ from the usual; `hang` until woken; an error. */
export type Behaviour = Partial<SharedAnswer> | 'hang' | Error | ((message: SharedMessage) => Partial<SharedAnswer>);

/** Takes the first candidate, at 5,000 ms of its own clock, unless told otherwise. */
export function scriptedState(timeoutMs = 5): ScriptedState {
  const messages: SharedMessage[] = [];
  let behaviour: Behaviour = {};
  let hanging: { readonly message: SharedMessage; readonly resolve: (answer: SharedAnswer) => void }[] = [];

  function answer(message: SharedMessage): SharedAnswer {
    const facts = typeof behaviour === 'function' ? behaviour(message) : behaviour;
    const usual = {
      taken: message.candidates.length > 0 ? 0 : undefined,
      at: 5000,
      shortages: [],
      version: 0,
      openings: [],
    };
    return { ...usual, ...(facts instanceof Error || facts === 'hang' ? {} : facts) };
  }

  return {
    timeoutMs,
    messages,
    behave(next) {
      behaviour = next;
    },
    async exchange(message) {
      messages.push(message);
      if (behaviour instanceof Error) throw behaviour;
      if (behaviour !== 'hang') return answer(message);
      return new Promise((resolve) => hanging.push({ message, resolve }));
    },
    wake() {
      const woken = hanging;
      hanging = [];
      for (const { message, resolve } of woken) resolve(answer(message));
    },
  };
}
