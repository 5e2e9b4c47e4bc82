import { UnreadableReplyError } from '../../core/errors/reply-errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Reply, ReplyBody, ReplyOutcome } from '../../core/reply.ts';
import type { HttpResponse } from '../../core/transport.ts';
import { usageOf } from '../../core/usage.ts';
import { reading } from './failure.ts';
import type { LeafCall } from './leaf-call.ts';

/** Reads a reply that comes in one piece; it has ended when it is there. */
export async function wholeReply(response: HttpResponse, call: LeafCall): Promise<Reply> {
  const { status, headers } = response;
  const body: ReplyBody = isJson(response, call)
    ? { kind: 'json', value: decode(await response.body.text(), response, call) }
    : { kind: 'bytes', bytes: await response.body.bytes() };
  const usage = body.kind === 'json' ? usageOf(body.value) : undefined;
  const outcome: ReplyOutcome = usage === undefined ? { result: 'success' } : { result: 'success', usage };
  return {
    status,
    headers,
    target: call.target,
    body,
    retries: 0,
    cache: 'DISABLED',
    onSettle: (listener) => listener(outcome),
  };
}

function isJson({ headers }: HttpResponse, { codec, scope }: LeafCall): boolean {
  const kind = typeof codec.reply === 'function' ? codec.reply(scope) : codec.reply;
  if (kind === 'bytes') return false;
  return kind !== 'auto' || /[/+]json\b/.test(headers['content-type'] ?? '');
}

function decode(text: string, { headers }: HttpResponse, { codec, scope, seat }: LeafCall): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UnreadableReplyError(`${seat.provider.title} answered with something that is not JSON`, text, headers);
  }
  return reading(value, () => codec.decode(value, scope));
}
