import { gzipSync } from 'node:zlib';
import type { Behaviour } from './behaviour.ts';
import type { Exchange, Spoken } from './exchange.ts';
import type { FailureReply, Payload } from './formats/wire-format.ts';
import type { StreamEvent } from './framing.ts';
import { framings } from './framings.ts';
import { gzipped } from './gzip.ts';
import { type BodyFacts, responseHeaders } from './response-headers.ts';
import { planStream } from './stream.ts';
import { type Ending, type Piece, recut, type Transmission } from './transmission.ts';

/** Lays out what is sent for an outcome, headers and faults included. */
export function compose(outcome: Spoken, exchange: Exchange): Transmission {
  const { behaviour } = exchange.taken;
  const draft = draftOf(outcome, exchange, behaviour);
  return {
    status: draft.status,
    headers: responseHeaders(draft, outcome, exchange),
    pieces: recut(draft.pieces, behaviour),
    ending: draft.ending,
  };
}

interface Draft extends BodyFacts {
  readonly status: number;
  readonly pieces: readonly Piece[];
  readonly ending: Ending;
}

function draftOf(outcome: Spoken, exchange: Exchange, behaviour: Behaviour): Draft {
  const status = behaviour.status ?? 200;
  if (outcome.kind === 'raw') return whole(status, rawPayload(behaviour), behaviour);
  if (outcome.kind === 'failure') {
    const reply = exchange.format.failure(outcome.failure, exchange.call);
    const streamed = exchange.route?.stream && reply.status < 400;
    return streamed ? streamDraft([{ data: reply.body }], reply.status, exchange) : failureDraft(reply, behaviour);
  }
  const { route, answer } = outcome;
  if (!route.stream || route.operation.events === undefined) {
    return whole(status, route.operation.reply(exchange.call, answer), behaviour);
  }
  return streamDraft(route.operation.events(exchange.call, answer), status, exchange);
}

function streamDraft(events: readonly StreamEvent[], status: number, { route, format, call, taken }: Exchange): Draft {
  const { behaviour } = taken;
  const framing = framings[route?.operation.framing ?? 'sse'];
  const errorEvent = () => format.errorEvent({ kind: behaviour.error ?? 'overloaded', model: route?.model }, call);
  const { pieces, ending } = planStream(events, behaviour, framing, errorEvent);
  const sent = behaviour.gzip ? gzipped(pieces, ending) : pieces;
  const smooth = ending === 'end' && sent.every((piece) => piece.atMs === 0) && behaviour.splitBytes === undefined;
  return { status, type: framing.contentType, pieces: smooth ? [joined(sent)] : sent, ending };
}

function failureDraft(reply: FailureReply, behaviour: Behaviour): Draft {
  const draft = whole(behaviour.errorIn200 ? 200 : reply.status, { json: reply.body }, behaviour);
  return reply.headers === undefined ? draft : { ...draft, headers: reply.headers };
}

function rawPayload({ body, html }: Behaviour): Payload {
  if (html) return { bytes: page, type: 'text/html; charset=utf-8' };
  return typeof body === 'string' ? { bytes: body, type: 'text/plain; charset=utf-8' } : { json: body };
}

const page = `<!doctype html>
<html><head><title>modelmux simulator</title></head><body><h1>An HTML page, as a proxy in the way would send it</h1></body></html>
`;

function whole(status: number, payload: Payload, behaviour: Behaviour): Draft {
  const [text, type] =
    'json' in payload ? [JSON.stringify(payload.json), 'application/json'] : [payload.bytes, payload.type];
  let bytes: string | Uint8Array = text;
  if (behaviour.truncatedJson) bytes = firstHalf(bytes);
  if (behaviour.gzip) bytes = gzipSync(bytes);
  const length = Buffer.byteLength(bytes);
  const broken = behaviour.reset === 'in-body';
  return {
    status,
    type,
    pieces: [{ bytes: broken ? firstHalf(bytes) : bytes, atMs: 0 }],
    ending: broken ? 'reset' : 'end',
    length,
  };
}

function firstHalf(body: string | Uint8Array): Uint8Array {
  const bytes = Buffer.from(body);
  return bytes.subarray(0, Math.ceil(bytes.length / 2));
}

/** Pieces due at once, as one: a single write is several times cheaper. */
function joined(pieces: readonly Piece[]): Piece {
  const strings = pieces.every((piece) => typeof piece.bytes === 'string');
  const bytes = strings
    ? pieces.map((piece) => piece.bytes).join('')
    : Buffer.concat(pieces.map((piece) => Buffer.from(piece.bytes)));
  return { bytes, atMs: 0 };
}
