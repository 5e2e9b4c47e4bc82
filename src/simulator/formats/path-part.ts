/** A part of a path, unescaped; as it is where its escapes are broken. */
export function unescaped(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
