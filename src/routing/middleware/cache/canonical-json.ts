/**
 * `value` as JSON with the keys of every object sorted: two values have the same text exactly when `JSON.stringify` would write the same
 * data for both, in whatever order. Undefined for what JSON cannot carry: functions, big integers, files, bytes, circles.
 */
export function canonicalJson(value: unknown): string | undefined {
  try {
    return write(value);
  } catch {
    return undefined;
  }
}

/** Undefined for an absent value. Throws for what is not JSON. */
function write(value: unknown): string | undefined {
  switch (typeof value) {
    case 'undefined':
      return undefined;
    case 'object':
      return value === null ? 'null' : writeObject(value);
    case 'string':
    case 'number':
    case 'boolean':
      return JSON.stringify(value);
    default:
      throw new TypeError(`JSON has no ${typeof value}.`);
  }
}

function writeObject(value: object): string | undefined {
  if (Array.isArray(value)) return `[${value.map((item) => write(item) ?? 'null').join(',')}]`;
  if ('toJSON' in value && typeof value.toJSON === 'function') return write(value.toJSON());
  if (isBinary(value)) throw new TypeError('JSON has no bytes.');
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, member]) => {
      const text = write(member);
      return text === undefined ? [] : [`${JSON.stringify(key)}:${text}`];
    });
  return `{${members.join(',')}}`;
}

function isBinary(value: object): boolean {
  return (
    value instanceof Blob ||
    value instanceof ArrayBuffer ||
    ArrayBuffer.isView(value) ||
    value instanceof FormData ||
    value instanceof ReadableStream
  );
}
