import type { JsonObject } from '../../core/json.ts';

/** What a JWT is signed with. */
export interface JwtKey {
  /** RSA key, PKCS #8 in PEM. Line breaks may be spelled `\n`, as in environment variables. */
  readonly privateKey: string;
  readonly keyId: string | undefined;
}

/**
 * `claims` as a JSON Web Token signed with RS256, by WebCrypto. Rejects with `DOMException` or `TypeError` for a key that
 * cannot be read. Source: RFC 7515 and RFC 7518, section 3.3.
 */
export async function signJwt(claims: JsonObject, { privateKey, keyId }: JwtKey): Promise<string> {
  const header = { alg: 'RS256', typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) };
  const content = `${encodeJson(header)}.${encodeJson(claims)}`;
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('pkcs8', derOf(privateKey), algorithm, false, ['sign']);
  const signature = await crypto.subtle.sign(algorithm.name, key, new TextEncoder().encode(content));
  return `${content}.${base64Url(new Uint8Array(signature))}`;
}

function derOf(pem: string): Uint8Array<ArrayBuffer> {
  const base64 = pem.replaceAll('\\n', '\n').replace(/-----[^-]+-----|\s/g, '');
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function encodeJson(value: JsonObject): string {
  return base64Url(new TextEncoder().encode(JSON.stringify(value)));
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
