/** The lines of a text that comes in pieces, cut anywhere, as text or UTF-8 bytes. Empty lines are passed over. */
export async function* linesIn(
  pieces: string | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of typeof pieces === 'string' ? [pieces] : pieces) {
    rest += typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line.trim() !== '');
  }
  rest += decoder.decode();
  if (rest.trim() !== '') yield rest;
}
