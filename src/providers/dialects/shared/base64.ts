/** `bytes` as base64, padded. */
export function toBase64(bytes: Uint8Array): string {
  const chunkSize = 32_768;
  let binary = '';
  for (let start = 0; start < bytes.length; start += chunkSize) {
    // In pieces: a call takes only so many arguments.
    binary += String.fromCharCode(...bytes.subarray(start, start + chunkSize));
  }
  return btoa(binary);
}

/** The base64 of several pieces' bytes one after another: their texts cannot be joined, each ends with its own padding. */
export function joinBase64(pieces: readonly string[]): string {
  if (pieces.length === 1) return pieces[0] ?? '';
  return toBase64(Uint8Array.from(pieces.flatMap((piece) => [...fromBase64(piece)])));
}

/** `numbers` as OpenAI encodes an embedding with `encoding_format: 'base64'`: 32-bit floats, little endian. */
export function floatsToBase64(numbers: readonly number[]): string {
  const view = new DataView(new ArrayBuffer(numbers.length * 4));
  for (const [index, number] of numbers.entries()) view.setFloat32(index * 4, number, true);
  return toBase64(new Uint8Array(view.buffer));
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
