// Layout of a vault file, version 1. The header is stored in clear and authenticated together with the ciphertext:
//   0  7 bytes  "MMVAULT"
//   7  1 byte   version of this layout: 1
//   8  1 byte   key derivation: 1 = scrypt (RFC 7914)
//   9  1 byte   log2 of scrypt's N
//  10  1 byte   scrypt's r
//  11  1 byte   scrypt's p
//  12 32 bytes  salt
//  44 12 bytes  nonce, new at every write
//  56  n bytes  AES-256-GCM ciphertext, the 16 byte tag at its end (NIST SP 800-38D)
const prelude = [...new TextEncoder().encode('MMVAULT'), 1, 1];
const costStart = prelude.length;
const saltStart = costStart + 3;
const saltLength = 32;
const nonceStart = saltStart + saltLength;
const headerLength = nonceStart + 12;
const tagLength = 16;

/** Bytes that Web Crypto takes: never backed by shared memory. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** How hard a passphrase is to guess: scrypt's N as a power of two, r and p. Needs 128 * 2^log2N * r bytes of memory. */
export interface ScryptCost {
  readonly log2N: number;
  readonly r: number;
  readonly p: number;
}

/** What a key is derived with, beside the passphrase. */
export interface KeyParameters {
  readonly cost: ScryptCost;
  readonly salt: Bytes;
}

/** OWASP Password Storage Cheat Sheet: N = 2^17, r = 8, p = 1, 128 MiB. */
export const defaultCost: ScryptCost = { log2N: 17, r: 8, p: 1 };

/** Fresh parameters: a random salt. */
export function newParameters(cost: ScryptCost): KeyParameters {
  return { cost, salt: crypto.getRandomValues(new Uint8Array(saltLength)) };
}

/** The parameters in a vault file's header; undefined when `file` is none, or asks for more than 512 MiB or 16 times the default's work. */
export function readParameters(file: Bytes): KeyParameters | undefined {
  if (file.length < headerLength + tagLength || prelude.some((byte, index) => file[index] !== byte)) return undefined;
  const [log2N = 0, r = 0, p = 0] = file.subarray(costStart, saltStart);
  const cost = { log2N, r, p };
  return isBearable(cost) ? { cost, salt: file.slice(saltStart, nonceStart) } : undefined;
}

/** Can this cost be paid? The header is only proven genuine after the key is derived, so a forged one must not exhaust the machine. */
export function isBearable({ log2N, r, p }: ScryptCost): boolean {
  const isWhole = [log2N, r, p].every((part) => Number.isInteger(part) && part >= 1 && part <= 255);
  return isWhole && 2 ** log2N * r <= 2 ** 22 && 2 ** log2N * r * p <= 2 ** 24;
}

/** A whole vault file around `content`. Each call draws a new nonce. */
export async function seal(content: Bytes, key: CryptoKey, { cost, salt }: KeyParameters): Promise<Bytes> {
  const nonce = crypto.getRandomValues(new Uint8Array(headerLength - nonceStart));
  const header = new Uint8Array([...prelude, cost.log2N, cost.r, cost.p, ...salt, ...nonce]);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: header }, key, content);
  const file = new Uint8Array(headerLength + sealed.byteLength);
  file.set(header);
  file.set(new Uint8Array(sealed), headerLength);
  return file;
}

/** The content of a vault file; undefined when the key is wrong or any byte was changed. */
export async function unseal(file: Bytes, key: CryptoKey): Promise<Bytes | undefined> {
  const header = file.slice(0, headerLength);
  const algorithm = { name: 'AES-GCM', iv: header.slice(nonceStart), additionalData: header };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, file.slice(headerLength)));
  } catch {
    return undefined;
  }
}

/** The AES-256-GCM key of 32 derived bytes. It cannot be exported again. */
export function importKey(derived: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', derived, 'AES-GCM', false, ['encrypt', 'decrypt']);
}
