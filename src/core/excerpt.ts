/**
 * The first `length` UTF-16 units of a text, with an ellipsis where more is left out. A copy: what is cut from a text otherwise keeps all of it in
 * memory for as long as the piece lives, and a provider's reply may be megabytes of which an error or a log record shows a line.
 */
export function excerpt(text: string, length: number): string {
  // Through JSON and back, because a slice, a match and a trimmed text are all views of the text they were taken from.
  const copy: string = JSON.parse(JSON.stringify(text.slice(0, length)));
  return text.length > length ? `${copy}…` : copy;
}
