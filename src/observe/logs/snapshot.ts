import type { LogBody } from '../../core/log-record.ts';
import { isSecretName, redacted, redactText } from './redact.ts';

/** Objects inside objects deeper than this are left out. */
const deepest = 32;
/** Longer texts without a space, such as images and sounds in base64, say nothing to a reader. */
const longestBlob = 1024;
const blobStart = 64;
/** Longer than any secret but a PEM block, which is found without its end. */
const edge = 400;

/**
 * A body as JSON text of about `maxLength` characters at most: secrets taken out, long texts and lists cut, with a mark where
 * something is missing. The text is whole JSON all the same.
 */
export function snapshot(body: unknown, maxLength: number): LogBody {
  const writer: Writer = { room: maxLength, isTruncated: false };
  const text = JSON.stringify(reduced(body, writer, { depth: 0, inHeaders: false })) ?? 'null';
  return writer.isTruncated ? { text, isTruncated: true } : { text };
}

interface Writer {
  /** Characters left. */
  room: number;
  isTruncated: boolean;
}

interface Spot {
  readonly depth: number;
  /** All values below are those of headers. */
  readonly inHeaders: boolean;
}

function reduced(value: unknown, writer: Writer, spot: Spot): unknown {
  if (typeof value === 'string') return spot.inHeaders ? redacted : text(value, writer);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) {
    writer.room -= 8;
    return value;
  }
  if (value instanceof Blob) return fileLabel(value);
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (spot.depth >= deepest) {
    writer.isTruncated = true;
    return '[too deep]';
  }
  const below = { depth: spot.depth + 1, inHeaders: spot.inHeaders };
  return Array.isArray(value) ? list(value, writer, below) : members(value, writer, below);
}

function text(value: string, writer: Writer): string {
  const isBlob = value.length > longestBlob && !/\s/.test(value.slice(0, longestBlob));
  const longest = Math.max(0, isBlob ? blobStart : writer.room);
  if (value.length <= longest) {
    const clean = redactText(value);
    writer.room -= clean.length;
    return clean;
  }
  writer.isTruncated = true;
  writer.room -= longest + 30;
  return `${start(value, longest)}…[${value.length - longest} more characters]`;
}

/** No secret at the edge is shown in part: what is near the end of what was searched is left out. */
function start(value: string, length: number): string {
  const searched = redactText(value.slice(0, length + edge));
  const isWhole = value.length <= length + edge;
  return searched.slice(0, isWhole ? length : Math.max(0, Math.min(length, searched.length - edge)));
}

function list(items: readonly unknown[], writer: Writer, spot: Spot): readonly unknown[] {
  const kept: unknown[] = [];
  for (const item of items) {
    if (writer.room <= 0) {
      writer.isTruncated = true;
      kept.push(`…[${items.length - kept.length} more items]`);
      return kept;
    }
    writer.room -= 2;
    kept.push(reduced(item, writer, spot));
  }
  return kept;
}

function members(object: object, writer: Writer, spot: Spot): object {
  const kept: [string, unknown][] = [];
  const entries = Object.entries(object);
  for (const [name, value] of entries) {
    if (writer.room <= 0) {
      writer.isTruncated = true;
      kept.push(['…', `[${entries.length - kept.length} more members]`]);
      break;
    }
    writer.room -= name.length + 4;
    kept.push([name, isSecret(name, value, object) ? redacted : reduced(value, writer, below(name, spot))]);
  }
  // Defines own members, so that one called `__proto__` stays one.
  return Object.fromEntries(kept);
}

function below(name: string, spot: Spot): Spot {
  return /headers$/i.test(name) ? { ...spot, inHeaders: true } : spot;
}

/** `token` beside `logprob` is a piece of text. */
function isSecret(name: string, value: unknown, object: object): boolean {
  if (typeof value !== 'string' || !isSecretName(name)) return false;
  return !(name === 'token' && 'logprob' in object);
}

function fileLabel(blob: Blob): string {
  const name = 'name' in blob && typeof blob.name === 'string' ? ` ${blob.name}` : '';
  return `[file${name}, ${blob.size} bytes]`;
}
