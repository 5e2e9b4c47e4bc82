import type { Attempt } from '../../core/attempt.ts';
import { PortkeyError } from '../../core/errors/portkey-error.ts';
import type { ModelRequest } from '../../core/handler.ts';
import type { Clock } from '../../core/runtime.ts';
import type { ServedReply } from '../../resources/served-reply.ts';
import type { HeaderSplit } from '../callers/header-split.ts';
import { type IssuedKey, mayAsk } from './issued-key.ts';
import { denied, expired } from './key-errors.ts';
import type { KeyMeters } from './key-meters.ts';

/** Throws 401 for a key whose time is over. */
export function checkExpiry({ expires }: IssuedKey, now: number): void {
  if (expires !== null && expires <= now) throw expired(expires);
}

/** The request as the key lets it be made: under the name that its aliases give the model. Throws 403 for what the key is not for. */
export function admitted(key: IssuedKey, request: ModelRequest, headers: HeaderSplit): ModelRequest {
  const isBound = key.config !== undefined || key.models.length > 0;
  const [routing] = headers.routing;
  if (isBound && routing !== undefined)
    throw denied(
      `This key is for its own ${key.config === undefined ? 'models' : 'config'}: ${routing[0]} is not accepted.`,
      routing[0],
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

/** Sends `request` within the limits of `key`, and books what it used once its reply is over. Rejects with 429 for what does not fit. */
export async function countedCall(
  key: IssuedKey,
  request: ModelRequest,
  { meters, clock }: Counting,
  send: (request: ModelRequest) => Promise<ServedReply>,
): Promise<ServedReply> {
  const hold = meters.take(key, request, clock.now());
  try {
    const served = await send(request);
    served.reply.onSettle(({ usage }) => {
      hold.settle({ usage, microUsd: costOf(served.attempts) }, clock.now());
    });
    return served;
  } catch (error) {
    const attempts = error instanceof PortkeyError ? (error.attempts ?? []) : [];
    if (attempts.length === 0) hold.refund(clock.now());
    else hold.settle({ usage: { promptTokens: 0, completionTokens: 0 }, microUsd: costOf(attempts) }, clock.now());
    throw error;
  }
}

function costOf(attempts: readonly Readonly<Attempt>[]): number {
  return attempts.reduce((sum, { cost }) => sum + (cost?.microUsd ?? 0), 0);
}
