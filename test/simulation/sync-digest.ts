import { createHash } from 'node:crypto';

/**
 * Digests are made on threads, whose results come whenever the machine has time: the virtual clock would run on meanwhile, and no seed would
 * tell the same story twice. Here they are made at once.
 */
export function digestAtOnce(): void {
  const digest: SubtleCrypto['digest'] = async (algorithm, data) => {
    const name = typeof algorithm === 'string' ? algorithm : algorithm.name;
    const bytes = ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : data;
    const sum = createHash(name.replace('-', '')).update(new Uint8Array(bytes)).digest();
    return Uint8Array.from(sum).buffer;
  };
  Object.defineProperty(crypto.subtle, 'digest', { value: digest, configurable: true });
}
