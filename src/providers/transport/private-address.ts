/**
 * Is this IP address (text as the system writes it, or a URL's host in brackets) one that leads to this machine, its network, or
 * nowhere? Sources: IANA IPv4 and IPv6 Special-Purpose Address Registries. Of IPv6 only global unicast is public, less what carries an
 * IPv4 address inside that is not. False for text that is no IP address.
 */
export function isPrivateAddress(text: string): boolean {
  const address = text.startsWith('[') ? text.slice(1, -1) : text;
  const bytes = fourBytes(address);
  if (bytes !== undefined) return isPrivateV4(bytes);
  const groups = eightGroups(address);
  return groups !== undefined && isPrivateV6(groups);
}

/** Is `text` an IP address, as the host of a parsed URL or as the system writes it? */
export function isIpAddress(text: string): boolean {
  const address = text.startsWith('[') ? text.slice(1, -1) : text;
  return fourBytes(address) !== undefined || eightGroups(address) !== undefined;
}

/** First address and prefix length of each range. */
const privateV4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];
const rangesV4 = privateV4.map(([first, length]) => ({ first: toNumber(fourBytes(first) ?? []), length }));

function isPrivateV4(bytes: readonly number[]): boolean {
  const address = toNumber(bytes);
  return rangesV4.some(({ first, length }) => Math.floor((address - first) / 2 ** (32 - length)) === 0);
}

function toNumber(bytes: readonly number[]): number {
  return bytes.reduce((number, byte) => number * 256 + byte, 0);
}

function isPrivateV6(groups: readonly number[]): boolean {
  const [first = 0, second = 0, third = 0] = groups;
  // IPv4-mapped and NAT64 addresses lead where the address inside does.
  if (isZero(groups.slice(0, 5)) && groups[5] === 0xffff) return isPrivateV4(lastFour(groups));
  if (first === 0x64 && second === 0xff9b && isZero(groups.slice(2, 6))) return isPrivateV4(lastFour(groups));
  if (first >>> 13 !== 1) return true;
  if (first === 0x2002) return isPrivateV4([second >>> 8, second & 255, third >>> 8, third & 255]);
  // IETF protocol assignments (Teredo, ORCHID, benchmarks) and documentation.
  if (first === 0x2001) return second < 0x200 || second === 0xdb8;
  return first === 0x3fff && second < 0x1000;
}

function isZero(groups: readonly number[]): boolean {
  return groups.every((group) => group === 0);
}

function lastFour(groups: readonly number[]): readonly number[] {
  return groups.slice(6).flatMap((group) => [group >>> 8, group & 255]);
}

function fourBytes(text: string): readonly number[] | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  return parts?.every((part) => part < 256) ? parts : undefined;
}

/** The groups of an IPv6 address, `::` filled up, an IPv4 tail and a zone (`%eth0`) read. */
function eightGroups(text: string): readonly number[] | undefined {
  const [address = ''] = text.split('%');
  if (!/^[\da-f:.]+$/i.test(address) || !address.includes(':')) return undefined;
  const halves = withoutV4Tail(address).split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<string>(Math.max(0, missing)).fill('0'), ...tail];
  return groups.every((group) => /^[\da-f]{1,4}$/i.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : undefined;
}

/** `::ffff:127.0.0.1` becomes `::ffff:7f00:1`. */
function withoutV4Tail(address: string): string {
  const at = address.lastIndexOf(':') + 1;
  const bytes = fourBytes(address.slice(at));
  if (bytes === undefined) return address;
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  return `${address.slice(0, at)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}
