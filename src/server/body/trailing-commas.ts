/**
 * JSON text without the commas that stand before a closing bracket, as the curl examples of LiteLLM's documentation have them. Texts in
 * quotes stay as they are. Takes time in proportion to the text, whatever it holds.
 */
export function withoutTrailingCommas(text: string): string {
  let result = '';
  let kept = 0;
  let comma = -1;
  // The last character that is no space: a comma right behind an opening bracket is no trailing one.
  let before = '';
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (' \t\n\r'.includes(char)) continue;
    if ((char === '}' || char === ']') && comma !== -1) {
      result += text.slice(kept, comma);
      kept = comma + 1;
    }
    comma = char === ',' && !'{[,:'.includes(before) ? at : -1;
    before = char;
    if (char === '"') at = endOfString(text, at);
  }
  return result + text.slice(kept);
}

/** Where the closing quote is; the end of the text when there is none. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\\') at++;
    else if (char === '"') return at;
  }
  return text.length;
}
