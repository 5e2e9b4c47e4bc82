import type { HookFeedback } from '../../../core/hooks.ts';
import type { Check } from '../../guardrails/check.ts';
import type { MessageChoice } from '../../guardrails/texts/input-texts.ts';

/** A guardrail or mutator, its config read. */
export interface Hook {
  readonly id: string;
  readonly type: 'guardrail' | 'mutator';
  readonly checks: readonly Check[];
  /** A failure refuses; else the reply says so, with status 246. */
  readonly deny: boolean;
  /** Runs beside the request, which does not wait for it; only an event tells of it. */
  readonly async: boolean;
  /** Checks one after the other, each of what those before made. */
  readonly sequential: boolean;
  /** Does a check that throws, or takes too long, count as failed (`deny`) or passed (`allow`)? */
  readonly onError: 'deny' | 'allow';
  /** Milliseconds for each check that does not say so itself. */
  readonly timeoutMs: number;
  /** Output of a stream: held back until it has passed, or looked at when it has ended. */
  readonly stream: 'hold' | 'end';
  /** Overrides what each check would look at. */
  readonly messages: MessageChoice | undefined;
  readonly onSuccess: HookFeedback | undefined;
  readonly onFail: HookFeedback | undefined;
}
