import { ContextWindowError } from '../../core/errors/fit-errors.ts';
import type { Demand, Limit, Reservation } from '../../core/limit.ts';

/** How long prompts and replies of a target may be, in tokens. */
export interface WindowSize {
  readonly path: string;
  /** Prompt and reply together. */
  readonly maxInputTokens: number | undefined;
  readonly maxOutputTokens: number | undefined;
}

/** Prompts are estimated, a little on the safe side: one is too long only where it is so with a fifth of it taken off. */
const sureShare = 0.8;

const nothingHeld: Reservation = { settle: () => undefined, refund: () => undefined };

/** Room in a target's context window. A prompt that clearly cannot fit, with the reply the body asks for, is refused for good; where nobody says how long the reply may be only the prompt counts. */
export function contextWindow({ path, maxInputTokens, maxOutputTokens }: WindowSize): Limit {
  const inputFits = (demand: Demand) =>
    maxInputTokens === undefined || demand.inputTokens * sureShare + (demand.askedTokens ?? 0) <= maxInputTokens;
  const outputFits = (demand: Demand) => maxOutputTokens === undefined || (demand.askedTokens ?? 0) <= maxOutputTokens;
  const fits = (demand: Demand) => outputFits(demand) && inputFits(demand);
  return {
    readyAt: (demand, now) => (fits(demand) ? now : Number.POSITIVE_INFINITY),
    fitsEver: fits,
    reserve: () => nothingHeld,
    refusal(demand) {
      const asked = demand.askedTokens ?? 0;
      if (!outputFits(demand))
        return new ContextWindowError(
          'max_tokens',
          `The call asks for up to ${asked} tokens, ${path} writes at most ${maxOutputTokens}.`,
        );
      const reply = asked === 0 ? '' : ` and a reply of up to ${asked}`;
      return new ContextWindowError(
        'messages',
        `A prompt of about ${demand.inputTokens} tokens${reply} cannot fit the ${maxInputTokens} tokens of ${path}.`,
      );
    },
  };
}
