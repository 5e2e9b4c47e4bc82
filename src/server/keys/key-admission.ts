import { PortkeyError } from '../../core/errors/portkey-error.ts';
import type { ModelRequest } from '../../core/handler.ts';
import type { Clock } from '../../core/runtime.ts';
import type { Usage } from '../../core/usage.ts';
import type { ServedReply } from '../../resources/served-reply.ts';
import { type IssuedKey, mayAsk } from './issued-key.ts';
import { blocked, denied, expired } from './key-errors.ts';
import type { KeyMeters } from './key-meters.ts';

/** Throws 401 for a key that is blocked, or whose time is over. */
export function checkUsable({ expires, blocked: isBlocked }: IssuedKey, now: number): void {
  if (isBlocked === true) throw blocked();
  if (expires !== null && expires <= now) throw expired(expires);
}

/**
 * The request as the key lets it be made: under the name that its aliases give the model. `route`: what of the request chooses where it
 * goes, as in `x-portkey-config`. Throws 403 for what the key is not for.
 */
export function admitted(key: IssuedKey, request: ModelRequest, route: string | undefined): ModelRequest {
  const isBound = key.config !== undefined || key.models.length > 0;
  if (isBound && route !== undefined)
    throw denied(
      `This key is for its own ${key.config === undefined ? 'models' : 'config'}: ${route} is not accepted.`,
      route,
    );
  const { model } = request.body;
  if (typeof model !== 'string') {
    if (key.models.length === 0 || request.endpoint === 'models') return request;
    throw denied(`This key is for its own models, and ${request.endpoint} names none.`);
  }
  if (!mayAsk(key, model)) throw denied(`This key may not ask for ${model}. Its models: ${key.models.join(', ')}.`);
  const alias = Object.hasOwn(key.aliases, model) ? key.aliases[model] : undefined;
  return alias === undefined ? request : { ...request, body: { ...request.body, model: alias } };
}

/** Who counts a call. */
export interface Counting {
  readonly meters: KeyMeters;
  readonly clock: Clock;
}

/** Sends `request` within the limits of `key`, and settles what it used once its reply is over. Rejects with 429 for what does not fit. */
export async function countedCall(
  key: IssuedKey,
  request: ModelRequest,
  { meters, clock }: Counting,
  send: (request: ModelRequest) => Promise<ServedReply>,
): Promise<ServedReply> {
  const taken = meters.take(key, request, clock.now());
  const hold = taken instanceof Promise ? await taken : taken;
  try {
    const served = await send(request);
    served.reply.onSettle(({ usage }) => hold.settle(usage, clock.now()));
    return served;
  } catch (error) {
    const { attempts = [], usage, kind } = error instanceof PortkeyError ? error : {};
    if (attempts.length === 0) hold.refund(clock.now());
    else hold.settle(usage ?? (isUncertain(kind) ? undefined : noTokens), clock.now());
    throw error;
  }
}

const noTokens: Usage = { promptTokens: 0, completionTokens: 0 };

/** The provider may have worked for it: what was put aside stands. */
function isUncertain(kind: PortkeyError['kind'] | undefined): boolean {
  return kind === 'timeout' || kind === 'aborted' || kind === 'truncated' || kind === 'unreadable';
}
