/** Numbers that are the same for the same seed. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** `length` digits of base 16. */
  hex(length: number): string;
}

/** A generator for `seed` (32 bits are used): mulberry32, a public domain algorithm with a period of 2^32. */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  const word = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return {
    next: () => word() / 2 ** 32,
    hex(length) {
      let digits = '';
      while (digits.length < length) digits += word().toString(16).padStart(8, '0');
      return digits.slice(0, length);
    },
  };
}

/** 32 bits of `text` (FNV-1a). */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}

/** A seed for the `sequence`th thing below `seed`; neighbours give unrelated numbers. */
export function derivedSeed(seed: number, sequence: number): number {
  return Math.imul(seed ^ Math.imul(sequence + 1, 0x9e3779b1), 0x85ebca6b);
}
