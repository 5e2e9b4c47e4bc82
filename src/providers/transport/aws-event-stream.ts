import type { WireEvent } from '../../core/provider.ts';
import { type AwsMessage, messageLength, parseMessage, preludeLength } from './aws-message.ts';
import { cutShort, defaultMaxEventSize, type Framing, oversized } from './framing.ts';

/**
 * Amazon's binary event streams, `application/vnd.amazon.eventstream`. `event` is the event type and `data` the payload; an exception
 * becomes an event named `exception:` and its type, and an error without payload gets `{"message":…}`.
 * Source: Smithy specification, "Amazon Event Stream".
 */
export const awsEventStream: Framing = (onEvent, { maxEventSize = defaultMaxEventSize } = {}) => {
  let parts: Uint8Array[] = [];
  let size = 0;
  /** Bytes that must be there before the next message can be read. */
  let needed = preludeLength;
  return {
    feed(chunk) {
      parts.push(chunk);
      size += chunk.length;
      if (size >= needed) keep(readMessages(join(parts, size)));
    },
    end() {
      if (size > 0) throw cutShort('an event-stream message');
    },
  };

  /** Hands out the messages that are complete and gives back what is left. */
  function readMessages(bytes: Uint8Array): Uint8Array {
    let rest = bytes;
    for (needed = lengthOf(rest); rest.length >= needed; needed = lengthOf(rest)) {
      const message = rest.subarray(0, needed);
      rest = rest.subarray(needed);
      onEvent(toEvent(parseMessage(message)));
    }
    return rest;
  }

  function lengthOf(bytes: Uint8Array): number {
    const length = bytes.length < preludeLength ? preludeLength : messageLength(bytes);
    if (length > maxEventSize) throw oversized(maxEventSize, `a message of ${length} bytes`);
    return length;
  }

  function keep(rest: Uint8Array): void {
    parts = rest.length === 0 ? [] : [rest];
    size = rest.length;
  }
};

function join(parts: readonly Uint8Array[], size: number): Uint8Array {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

const utf8 = new TextDecoder();

function toEvent({ headers, payload }: AwsMessage): WireEvent {
  const data = utf8.decode(payload);
  switch (headers.get(':message-type')) {
    case 'exception':
      return { event: `exception:${headers.get(':exception-type') ?? 'unknown'}`, data };
    case 'error': {
      const message = headers.get(':error-message') ?? '';
      return {
        event: `exception:${headers.get(':error-code') ?? 'unknown'}`,
        data: data || JSON.stringify({ message }),
      };
    }
    default:
      return { event: headers.get(':event-type'), data };
  }
}
