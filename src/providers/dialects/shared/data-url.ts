import { toBase64 } from './base64.ts';

/** What a `data:` URL carries. */
export interface DataUrl {
  /** Without parameters: `image/png`; `text/plain` where the URL names none (RFC 2397). */
  readonly mediaType: string;
  readonly base64: string;
}

/** Reads a `data:` URL, base64 or percent-encoded; undefined for any other URL. */
export function parseDataUrl(url: string): DataUrl | undefined {
  if (!/^data:/i.test(url)) return undefined;
  const comma = url.indexOf(',');
  if (comma < 0) return undefined;
  const [mediaType = '', ...parameters] = url.slice('data:'.length, comma).split(';');
  const data = url.slice(comma + 1);
  const isBase64 = parameters.at(-1)?.trim().toLowerCase() === 'base64';
  return {
    mediaType: mediaType.trim().toLowerCase() || 'text/plain',
    base64: isBase64 ? data : toBase64(new TextEncoder().encode(percentDecoded(data))),
  };
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
