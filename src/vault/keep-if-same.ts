import type { Credentials } from '../core/credentials.ts';

/** `next`, or `previous` when it says the same: tokens are remembered per credentials object, so a needless new one costs an exchange. */
export function keepIfSame(previous: Credentials | undefined, next: Credentials): Credentials {
  const isSame =
    previous?.provider === next.provider &&
    previous.apiKey === next.apiKey &&
    JSON.stringify(previous.settings) === JSON.stringify(next.settings) &&
    JSON.stringify(previous.terms) === JSON.stringify(next.terms);
  return isSame && previous !== undefined ? previous : next;
}
