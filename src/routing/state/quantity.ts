import type { Demand } from '../../core/limit.ts';

/** What providers count. */
export const quantities = ['requests', 'tokens', 'input_tokens', 'output_tokens'] as const;

/** One of {@link quantities}. */
export type Quantity = (typeof quantities)[number];

/** How much of a quantity a call needs, as far as that is known before it is sent. Reads of the demand only what it must. */
export function amountOf(of: Quantity, demand: Demand): number {
  switch (of) {
    case 'requests':
      return 1;
    case 'tokens':
      return demand.inputTokens + demand.outputTokens;
    case 'input_tokens':
      return demand.inputTokens;
    case 'output_tokens':
      return demand.outputTokens;
  }
}
