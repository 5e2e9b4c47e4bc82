import type { Call } from './wire-format.ts';

/** The token of an `Authorization: Bearer` header. */
export function bearerKey(headers: Call['headers']): string | undefined {
  const value = headers.authorization;
  return typeof value === 'string' && value.startsWith('Bearer ')
    ? value.slice('Bearer '.length) || undefined
    : undefined;
}

/** The value of a header that carries nothing but the key. */
export function headerKey(headers: Call['headers'], name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
