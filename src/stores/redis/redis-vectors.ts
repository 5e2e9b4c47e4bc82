import type { VectorLog, VectorPage, VectorRecord } from '../../core/vector-log.ts';
import type { RedisCommands } from './commands.ts';

/** Records of a space kept, about: Redis cuts its streams in whole blocks. */
const mostRecords = 2000;

/** Records read at a time. The first page holds the newest ones: what is older is not read. */
const pageSize = 500;

/** Vectors in Redis, each space a stream: whoever reads it remembers how far. The stream goes when its last record has expired. */
export function vectorsOf(commands: RedisCommands, keyPrefix: string, now: () => number): VectorLog {
  return {
    async append(space, { key, vector, expiresAt }) {
      const stream = keyPrefix + space;
      const fields = ['k', key, 'e', String(expiresAt), 'v', toBytes(vector)];
      await commands.send(stream, ['XADD', stream, 'MAXLEN', '~', String(mostRecords), '*', ...fields]);
      // A later record never expires before an earlier one of the same space: all have the same age.
      await commands.send(stream, ['PEXPIRE', stream, String(Math.max(1, Math.ceil(expiresAt - now())))]);
    },
    async since(space, cursor) {
      const stream = keyPrefix + space;
      const count = ['COUNT', String(pageSize)];
      if (cursor !== undefined)
        return readPage(await commands.send(stream, ['XRANGE', stream, `(${cursor}`, '+', ...count]), cursor);
      const newest = await commands.send(stream, ['XREVRANGE', stream, '+', '-', ...count]);
      return readPage(Array.isArray(newest) ? newest.toReversed() : newest, undefined);
    },
  };
}

/** `[[id, [name, value, …]], …]`, oldest first. What is not ours is passed over. */
function readPage(reply: unknown, cursor: string | undefined): VectorPage {
  const entries = Array.isArray(reply) ? reply : [];
  const last: unknown = entries.at(-1);
  return {
    records: entries.flatMap((entry) => readRecord(Array.isArray(entry) ? entry[1] : undefined)),
    cursor: Array.isArray(last) ? textOf(last[0]) : cursor,
  };
}

function readRecord(fields: unknown): readonly VectorRecord[] {
  if (!Array.isArray(fields)) return [];
  const [, key, , expiresAt, , vector] = fields;
  if (!(vector instanceof Uint8Array) || vector.byteLength === 0 || vector.byteLength % 4 !== 0) return [];
  return [{ key: textOf(key), expiresAt: Number(textOf(expiresAt)), vector: fromBytes(vector) }];
}

/** Little-endian 32-bit floats, whatever the machine. */
function toBytes(vector: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(vector.length * 4));
  vector.forEach((value, index) => void view.setFloat32(index * 4, value, true));
  return new Uint8Array(view.buffer);
}

function fromBytes(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.byteLength / 4 }, (_, index) => view.getFloat32(index * 4, true));
}

function textOf(value: unknown): string {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value);
}
