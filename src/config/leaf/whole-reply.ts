import { apiError } from '../../core/errors/api-error.ts';
import { UnreadableReplyError } from '../../core/errors/reply-errors.ts';
import { filteredFacts, isFiltered } from '../../core/filtered.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Reply, ReplyBody, ReplyOutcome } from '../../core/reply.ts';
import type { HttpResponse } from '../../core/transport.ts';
import { type Usage, usageOf } from '../../core/usage.ts';
import { estimatedUsage, writtenParts } from './estimated-usage.ts';
import { reading } from './failure.ts';
import type { LeafCall } from './leaf-call.ts';

/** Reads a reply that comes in one piece; it has ended when it is there. */
export async function wholeReply(response: HttpResponse, call: LeafCall): Promise<Reply> {
  const { status, headers } = response;
  const body: ReplyBody = isJson(response, call)
    ? jsonBody(await response.body.text(), response, call)
    : { kind: 'bytes', bytes: await response.body.bytes() };
  const usage =
    body.kind === 'json' ? (usageOf(body.value) ?? estimatedUsage(call, writtenParts(body.value))) : undefined;
  if (body.kind === 'json') refuseFiltered(body.value, call, usage);
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

/** Only where another target takes such a request. */
function refuseFiltered(value: JsonObject, { context, request }: LeafCall, usage: Usage | undefined): void {
  if (context.refusesFiltered !== true || !isFiltered(request.endpoint, value)) return;
  const error = apiError({ ...filteredFacts, error: value });
  if (usage !== undefined) error.usage = usage;
  throw error;
}

function isJson({ headers }: HttpResponse, { codec, scope }: LeafCall): boolean {
  const kind = typeof codec.reply === 'function' ? codec.reply(scope) : codec.reply;
  if (kind === 'bytes') return false;
  return kind !== 'auto' || /[/+]json\b/.test(headers['content-type'] ?? '');
}

function jsonBody(text: string, response: HttpResponse, { codec, scope, seat, context }: LeafCall): ReplyBody {
  const received = parse(text, response, seat.provider.title);
  const value = reading(received, () => codec.decode(received, scope));
  return context.call.wantsText && value === received ? { kind: 'json', value, text } : { kind: 'json', value };
}

function parse(text: string, { headers }: HttpResponse, title: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableReplyError(`${title} answered with something that is not JSON`, text, headers);
  }
}
