import { hash } from '../../core/hash.ts';

/** Short enough for an index of every database, whatever the alphabet. */
const longest = 200;

/**
 * A text as a database looks for it: as it is, or where it is long or holds what a database cannot, a piece of it and a hash, so
 * that different texts stay different.
 */
export function searchText(text: string): string {
  if (text.length <= longest && !text.includes('\u0000') && text.isWellFormed()) return text;
  // Encoded, lone surrogates would all look alike.
  return `${text.slice(0, 100).replaceAll('\u0000', '').toWellFormed()}…${hash(JSON.stringify(text))}`;
}
