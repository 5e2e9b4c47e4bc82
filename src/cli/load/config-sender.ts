import { APIError, PortkeyError } from '../../core/errors/index.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { type Attempt, Portkey, type PortkeyOptions } from '../../index.ts';
import { callerOf } from '../../resources/caller-of.ts';
import type { ServedReply } from '../../resources/served-reply.ts';
import type { CallOutcome, Sender } from './outcome.ts';

/** Sends chat completions through a config, in this process. */
export function configSender(options: PortkeyOptions): Sender {
  const caller = callerOf(new Portkey(options));
  return async (body, signal) => {
    try {
      const served = await caller.call({ endpoint: 'chat/completions', body }, undefined, { signal });
      return await outcomeOf(served);
    } catch (error) {
      return failed(error);
    }
  };
}

async function outcomeOf(served: ServedReply): Promise<CallOutcome> {
  const { reply, attempts } = served;
  const { body, target } = reply;
  let tokens = body.kind === 'json' ? tokensOf(body.value) : undefined;
  if (body.kind === 'stream') {
    for await (const chunk of body.chunks) tokens = tokensOf(chunk) ?? tokens;
  }
  const { firstTokenMs, startedAt } = attempts.at(-1) ?? {};
  const before = (startedAt ?? 0) - (attempts[0]?.startedAt ?? 0);
  return {
    target: target.path,
    provider: target.provider,
    tries: attempts.length,
    ...(/HIT$/.test(reply.cache) ? { isCached: true } : {}),
    ...(firstTokenMs === undefined ? {} : { firstTokenMs: before + firstTokenMs }),
    ...(tokens === undefined ? {} : { tokens }),
  };
}

function tokensOf({ usage }: JsonObject): number | undefined {
  if (!isJsonObject(usage)) return undefined;
  const total = usage['total_tokens'];
  return typeof total === 'number' ? total : undefined;
}

function failed(error: unknown): CallOutcome {
  if (!(error instanceof PortkeyError)) return { failure: String(error) };
  const status = error instanceof APIError ? error.status : undefined;
  const { target, attempts, kind } = error;
  return {
    failure: [status, kind].filter(Boolean).join(' '),
    ...(target === undefined ? {} : { target: target.path, provider: target.provider }),
    tries: attempts.filter(isSent).length,
  };
}

function isSent({ outcome }: Readonly<Attempt>): boolean {
  return outcome !== 'pending';
}
