const offset = 0x6c62272e07bb014262b821756295c58dn;
const prime = 0x0000000001000000000000000000013bn;
const mask = (1n << 128n) - 1n;

/** FNV-1a of `text`'s UTF-8 bytes, 128 bits as 32 hex digits. For identities that must agree between processes; slow, so never per request. */
export function hash(text: string): string {
  let state = offset;
  for (const byte of new TextEncoder().encode(text)) state = ((state ^ BigInt(byte)) * prime) & mask;
  return state.toString(16).padStart(32, '0');
}
