import { TargetDisabledError } from './disabled-error.ts';
import { ContextWindowError, NoMatchingTargetError } from './fit-errors.ts';
import { BudgetExceededError, UnknownPriceError } from './money-errors.ts';
import type { PortkeyError } from './portkey-error.ts';
import { isRefusal } from './routing-errors.ts';

const refusals = [
  BudgetExceededError,
  UnknownPriceError,
  ContextWindowError,
  NoMatchingTargetError,
  TargetDisabledError,
];

/** Was the target not called at all, because it cools, is out of use, has no room, or is not meant for such a call? */
export function isOwnRefusal(error: PortkeyError): boolean {
  return isRefusal(error) || refusals.some((refusal) => error instanceof refusal);
}
