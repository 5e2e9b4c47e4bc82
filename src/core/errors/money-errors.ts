import { APIError } from './api-error.ts';
import { nameClass, type PortkeyError } from './portkey-error.ts';

/**
 * Nothing was sent: a budget has no room for the call. Status 429, type and code `budget_exceeded`; `headers` carry `retry-after` in whole
 * seconds where a time will help. OpenAI too answers a spent quota with 429; Portkey's gateway says 412, LiteLLM 400 or 429.
 */
export class BudgetExceededError extends APIError {
  /** Milliseconds until the call may fit: a guess of 1 s where that depends on calls under way, Infinity when it never will. */
  readonly retryAfterMs: number;
  /** `reject`: no other target is asked. */
  readonly onExhausted: 'skip' | 'reject';

  static {
    nameClass(BudgetExceededError, 'BudgetExceededError');
  }

  constructor({ message, readyInMs, fitsEver, onExhausted }: ExhaustedFacts) {
    const retryAfterMs = fitsEver
      ? Number.isFinite(readyInMs)
        ? Math.max(0, readyInMs)
        : 1000
      : Number.POSITIVE_INFINITY;
    super({
      status: 429,
      kind: 'budget',
      type: 'budget_exceeded',
      code: 'budget_exceeded',
      message: `${message} Nothing was sent.`,
      headers: fitsEver ? { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) } : {},
    });
    this.retryAfterMs = retryAfterMs;
    this.onExhausted = onExhausted;
  }
}

/** What a budget lacks. */
export interface ExhaustedFacts {
  /** A sentence or more. */
  readonly message: string;
  /** Infinity where that depends on calls under way. */
  readonly readyInMs: number;
  /** False for a call that costs more than a whole period may. */
  readonly fitsEver: boolean;
  readonly onExhausted: 'skip' | 'reject';
}

/** Nothing was sent: nobody knows what the model costs, so its budget could not be kept. Status 400, code `unknown_price`. */
export class UnknownPriceError extends APIError {
  /** `reject`: no other target is asked. */
  readonly onExhausted: 'skip' | 'reject';

  static {
    nameClass(UnknownPriceError, 'UnknownPriceError');
  }

  constructor(path: string, model: string, onExhausted: 'skip' | 'reject') {
    super({
      status: 400,
      kind: 'budget',
      type: 'budget_error',
      code: 'unknown_price',
      param: 'model',
      message: `No price is known for ${model === '' ? 'a request without a model' : `"${model}"`}, so the budget of ${path} cannot be kept. Nothing was sent. Give the target "pricing", the client "prices", or the budget "unpriced": "free".`,
    });
    this.onExhausted = onExhausted;
  }
}

/** Does this refusal end the request, whatever targets are left? */
export function endsRequest(error: PortkeyError): boolean {
  return (error instanceof BudgetExceededError || error instanceof UnknownPriceError) && error.onExhausted === 'reject';
}
