import { withPart } from '../../core/lazy-part.ts';
import type { OpenedOnce } from '../../core/open-once.ts';
import type { Authenticator } from '../../core/provider.ts';

/** An authenticator that is loaded by the first call that needs it. */
export function lazyAuth(part: OpenedOnce<Authenticator>): Authenticator {
  return (request, credentials, scope) => withPart(part, (authenticate) => authenticate(request, credentials, scope));
}
