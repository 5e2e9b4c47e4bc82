import { crc32 } from 'node:zlib';
import { eventText, type Framing } from './framing.ts';

/**
 * AWS binary event stream ("application/vnd.amazon.eventstream", Amazon event stream specification in the Smithy
 * documentation): total length, headers length, CRC of both, headers, payload, CRC of all before it.
 */
export const awsEventStream: Framing = {
  contentType: 'application/vnd.amazon.eventstream',
  frame(event) {
    const kind = event.exception ? 'exception' : 'event';
    const headers = Buffer.concat([
      stringHeader(`:${kind}-type`, event.event ?? 'chunk'),
      stringHeader(':content-type', 'application/json'),
      stringHeader(':message-type', kind),
    ]);
    return message(headers, Buffer.from(eventText(event)));
  },
};

const preludeLength = 12;
const crcLength = 4;
const stringType = 7;

function message(headers: Buffer, payload: Buffer): Buffer {
  const total = preludeLength + headers.length + payload.length + crcLength;
  const bytes = Buffer.alloc(total);
  bytes.writeUInt32BE(total, 0);
  bytes.writeUInt32BE(headers.length, 4);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
  headers.copy(bytes, preludeLength);
  payload.copy(bytes, preludeLength + headers.length);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, total - crcLength)), total - crcLength);
  return bytes;
}

function stringHeader(name: string, value: string): Buffer {
  const [nameBytes, valueBytes] = [Buffer.from(name), Buffer.from(value)];
  const bytes = Buffer.alloc(1 + nameBytes.length + 3 + valueBytes.length);
  bytes.writeUInt8(nameBytes.length, 0);
  nameBytes.copy(bytes, 1);
  bytes.writeUInt8(stringType, 1 + nameBytes.length);
  bytes.writeUInt16BE(valueBytes.length, 2 + nameBytes.length);
  valueBytes.copy(bytes, 4 + nameBytes.length);
  return bytes;
}
