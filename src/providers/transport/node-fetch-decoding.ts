import type { Transform } from 'node:stream';
import type { HeaderMap } from '../../core/reply.ts';
import type { ByteSink, Flow } from '../../core/transport.ts';

/** The codings this Node can undo, for `accept-encoding`. Zstandard came with Node 22.15. */
export function acceptEncoding(): string {
  accepted ??= 'createZstdDecompress' in zlib() ? 'gzip, deflate, br, zstd' : 'gzip, deflate, br';
  return accepted;
}

let accepted: string | undefined;

/**
 * The codings to undo, last applied first. Empty when the body is not coded, or coded in a way nobody knows: then its bytes are
 * handed on as they are, as `fetch` does.
 */
export function contentCodings(headers: HeaderMap): readonly Coding[] {
  const value = headers['content-encoding'];
  return value === undefined ? none : parseCodings(value);
}

const none: readonly Coding[] = [];

/** Content codings of RFC 9110 section 8.4.1, RFC 7932 (br) and RFC 8878 (zstd). */
export type Coding = 'gzip' | 'deflate' | 'br' | 'zstd';

const codingOfName: ReadonlyMap<string, Coding> = new Map([
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate', 'deflate'],
  ['br', 'br'],
  ['zstd', 'zstd'],
]);

function parseCodings(value: string): readonly Coding[] {
  const names = value
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  const codings = names.map((name) => codingOfName.get(name));
  return codings.every((coding) => coding !== undefined) ? codings.reverse() : none;
}

/** Where coded bytes come from, and the error for bytes that are not what the headers say. */
export interface CodedSource {
  readonly signal: AbortSignal;
  start(sink: ByteSink): Flow;
  broken(what: string, cause: unknown): unknown;
}

/** Up to here decoding at once costs less than the streams it spares: about as long as parsing the JSON in it. */
const maxAtOnceBytes = 16_384;
/** So that nobody blocks the process with a body of a few bytes that unfolds to gigabytes. */
const maxOutputLength = 4_194_304;

/** `bytes` with all `codings` undone, at once. Undefined when they are too many or wrong: {@link decodedFlow} does the former and names the latter. */
export function decodeAtOnce(codings: readonly Coding[], bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.byteLength > maxAtOnceBytes) return undefined;
  try {
    return codings.reduce<Uint8Array>((coded, coding) => decodeOneAtOnce(coding, coded), bytes);
  } catch {
    return undefined;
  }
}

function decodeOneAtOnce(coding: Coding, bytes: Uint8Array): Uint8Array {
  if (bytes.byteLength === 0) return bytes;
  const { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } = zlib();
  const options = { maxOutputLength };
  switch (coding) {
    case 'gzip':
      return gunzipSync(bytes, options);
    case 'br':
      return brotliDecompressSync(bytes, options);
    case 'zstd':
      return zstdDecompressSync(bytes, options);
    case 'deflate':
      return hasZlibHead(bytes) ? inflateSync(bytes, options) : inflateRawSync(bytes, options);
  }
}

/** Starts `source` and pushes its bytes into `sink` with all `codings` undone. */
export function decodedFlow(codings: readonly Coding[], sink: ByteSink, source: CodedSource): Flow {
  const start = codings.reduce(
    (inner, coding) => (outer: ByteSink) => decodeOne(coding, outer, { ...source, start: inner }),
    source.start,
  );
  return start(sink);
}

function decodeOne(coding: Coding, sink: ByteSink, source: CodedSource): Flow {
  let decoder: Transform | undefined;
  let paused = false;
  let over = false;
  /** Why the wire broke while there was something to decode. */
  let failure: { readonly error: unknown } | undefined;
  const raw = source.start({
    data: decode,
    end: () => (decoder === undefined ? sink.end() : decoder.end()),
    error(error) {
      if (decoder === undefined || source.signal.aborted) return fail(error);
      // What came before the break is decoded and handed out first.
      failure = { error };
      decoder.end();
    },
  });
  return {
    pause() {
      paused = true;
      decoder?.pause();
    },
    resume() {
      paused = false;
      decoder?.resume();
    },
    cancel: close,
  };

  function decode(chunk: Uint8Array): void {
    // An empty body is sent without a coding's head and tail, whatever the header says: nothing is opened for it.
    decoder ??= open(chunk);
    if (decoder.write(chunk)) return;
    raw.pause();
    decoder.once('drain', () => raw.resume());
  }

  function open(first: Uint8Array): Transform {
    const stream = createDecoder(coding, first);
    stream.on('data', (bytes: Uint8Array) => over || sink.data(bytes));
    stream.on('end', finish);
    stream.on('error', (cause) => {
      fail(failure === undefined ? source.broken(`the response body is not valid ${coding}`, cause) : failure.error);
    });
    if (paused) stream.pause();
    return stream;
  }

  function finish(): void {
    if (failure !== undefined) fail(failure.error);
    else if (!over) sink.end();
  }

  function fail(error: unknown): void {
    if (over) return;
    close();
    sink.error(error);
  }

  function close(): void {
    over = true;
    raw.cancel();
    decoder?.destroy();
  }
}

function createDecoder(coding: Coding, first: Uint8Array): Transform {
  const { constants, createBrotliDecompress, createGunzip, createInflate, createInflateRaw, createZstdDecompress } =
    zlib();
  // Flushing hands each event of a stream on when it comes. The end is not flushed: a body cut short is an error.
  switch (coding) {
    case 'gzip':
      return createGunzip({ flush: constants.Z_SYNC_FLUSH });
    case 'br':
      return createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH });
    case 'zstd':
      return createZstdDecompress();
    case 'deflate':
      return hasZlibHead(first)
        ? createInflate({ flush: constants.Z_SYNC_FLUSH })
        : createInflateRaw({ flush: constants.Z_SYNC_FLUSH });
  }
}

/** Some servers leave the zlib head out (RFC 9110 section 8.4.1.2). Its first byte ends in 8 (RFC 1950 section 2.2). */
function hasZlibHead(bytes: Uint8Array): boolean {
  return (bytes[0] ?? 0) % 16 === 8;
}

// Not imported: this file is also loaded where there is no Node.
function zlib(): typeof import('node:zlib') {
  return process.getBuiltinModule('node:zlib');
}
