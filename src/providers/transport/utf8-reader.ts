/** Turns UTF-8 bytes, cut anywhere, into text. A byte order mark is kept; wrong bytes become U+FFFD. */
export interface Utf8Reader {
  read(chunk: Uint8Array): string;
  /** What is left of a character that was cut off by the end. */
  end(): string;
}

const whole = new TextDecoder('utf-8', { ignoreBOM: true });

/** A reader for one stream. */
export function createUtf8Reader(): Utf8Reader {
  const pieces = new TextDecoder('utf-8', { ignoreBOM: true });
  let midway = false;
  return {
    read(chunk) {
      const endsWhole = (chunk[chunk.length - 1] ?? 0) < 0x80;
      // Decoding a whole text is several times as fast as going on with a cut one.
      if (!midway && endsWhole) return whole.decode(chunk);
      midway = !endsWhole;
      return pieces.decode(chunk, { stream: true });
    },
    end: () => pieces.decode(),
  };
}
