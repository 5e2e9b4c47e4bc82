/** How events become bytes. */
export type FramingName = 'sse' | 'json-array' | 'aws-event-stream';

/** One event of a stream, before framing. */
export interface StreamEvent {
  /** SSE `event:`, or the AWS event type. */
  readonly event?: string;
  /** Sent as JSON; a string as it is. */
  readonly data: unknown;
  /** Carries a token, so it waits for its turn when the stream is paced. */
  readonly token?: boolean;
  /** The end marker, left out by `noDone`. */
  readonly end?: boolean;
  /** An AWS exception frame instead of an event frame. */
  readonly exception?: boolean;
}

/** Turns events into the pieces of a body, one for each event, and says what stands around them. */
export interface Framing {
  readonly contentType: string;
  frame(event: StreamEvent, index: number, style: FrameStyle): string | Uint8Array;
  /** After the last event of a stream that ends as it should. */
  readonly tail?: (events: number) => string;
}

/** Liberties a format leaves to its senders. */
export interface FrameStyle {
  readonly crlf: boolean;
  readonly comments: boolean;
}

/** Data of an event as it is sent. */
export function eventText(event: StreamEvent): string {
  return typeof event.data === 'string' ? event.data : JSON.stringify(event.data);
}

/** Server-sent events (WHATWG HTML, section 9.2). */
export const sse: Framing = {
  contentType: 'text/event-stream; charset=utf-8',
  frame(event, _index, { crlf, comments }) {
    const end = crlf ? '\r\n' : '\n';
    const name = event.event === undefined ? '' : `event: ${event.event}${end}`;
    const ping = comments ? `: ping${end}${end}` : '';
    return `${ping}${name}data: ${eventText(event)}${end}${end}`;
  },
};

/** One JSON array whose elements arrive one by one, as Gemini streams without `alt=sse`. */
export const jsonArray: Framing = {
  contentType: 'application/json; charset=UTF-8',
  frame: (event, index) => `${index === 0 ? '[' : ',\r\n'}${eventText(event)}`,
  tail: (events) => (events === 0 ? '[]' : '\n]'),
};
