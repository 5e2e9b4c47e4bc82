/** The content of a `data:` URL. */
export interface DataUrl {
  /** Media type in lower case without parameters; `text/plain` when the URL names none (RFC 2397). */
  readonly mediaType: string;
  /** The content in base64. */
  readonly base64: string;
}

const scheme = /^data:([^,]*),([\s\S]*)$/i;

/** Reads any valid `data:` URL (RFC 2397): parameters in any number, base64 or percent-encoded. Undefined when it is none. */
export function readDataUrl(url: string): DataUrl | undefined {
  const match = scheme.exec(url);
  if (match === null) return undefined;
  const [type = '', ...parameters] = (match[1] ?? '').split(';').map((part) => part.trim());
  const content = match[2] ?? '';
  const isBase64 = parameters.some((parameter) => parameter.toLowerCase() === 'base64');
  const base64 = isBase64 ? unescapeText(content)?.replace(/\s/g, '') : escapedToBase64(content);
  if (base64 === undefined) return undefined;
  return { mediaType: type === '' ? 'text/plain' : type.toLowerCase(), base64 };
}

/** The UTF-8 text that `base64` holds; undefined when it is not base64. */
export function textOfBase64(base64: string): string | undefined {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

function unescapeText(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

// Percent-encoded content stands for bytes, which need not be UTF-8, so decodeURIComponent will not do.
function escapedToBase64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = '';
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    const escaped = byte === 0x25 ? hexByte(bytes, at) : undefined;
    binary += String.fromCharCode(escaped ?? byte);
    if (escaped !== undefined) at += 2;
  }
  return btoa(binary);
}

function hexByte(bytes: Uint8Array, at: number): number | undefined {
  const digits = String.fromCharCode(...bytes.slice(at + 1, at + 3));
  return /^[0-9a-f]{2}$/i.test(digits) ? Number.parseInt(digits, 16) : undefined;
}
