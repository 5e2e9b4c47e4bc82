/** The entry of `index` in `entries`, which are sorted by index; if there is none, `make` makes it and is told its place. */
export function insertAt<Entry extends { readonly index: number }>(
  entries: Entry[],
  index: number,
  make: (at: number) => Entry,
): Entry {
  const behind = entries.findIndex((entry) => entry.index >= index);
  const at = behind === -1 ? entries.length : behind;
  const there = entries[at];
  if (there?.index === index) return there;
  const made = make(at);
  entries.splice(at, 0, made);
  return made;
}
