/** The slot of a Redis Cluster that a key lies in: CRC16 (XMODEM) of its hash tag, else of all of it, modulo 16,384. Source: Redis Cluster specification, "Hash tags". */
export function keySlot(key: string): number {
  const begin = key.indexOf('{');
  const end = key.indexOf('}', begin + 1);
  const hashed = begin >= 0 && end > begin + 1 ? key.slice(begin + 1, end) : key;
  let crc = 0;
  for (const byte of new TextEncoder().encode(hashed)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021) & 0xffff;
  }
  return crc % 16_384;
}
