import { isIPv4, isIPv6 } from 'node:net';

/** An address as numbers: 32 bits of IPv4, or the upper and lower 64 bits of IPv6. */
export type IpAddress = { family: 4; bits: number } | { family: 6; upper: bigint; lower: bigint };

const V4_MAPPED = 0xffffn;

const DOT = '.'.charCodeAt(0);
const ZERO = '0'.charCodeAt(0);

/** Without a text for each part: a geo file is built from a million addresses. */
function bitsOfV4(text: string): number {
  let bits = 0;
  let part = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code !== DOT) {
      part = part * 10 + code - ZERO;
      continue;
    }
    bits = bits * 256 + part;
    part = 0;
  }
  return bits * 256 + part;
}

/** The 16-bit groups of one side of `::`; a dotted tail gives two. */
function groupsOf(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const bits = bitsOfV4(group);
    return [bits >>> 16, bits & 0xffff];
  });
}

const joined = (groups: number[]): bigint =>
  groups.reduce((bits, group) => (bits << 16n) | BigInt(group), 0n);

function bitsOfV6(text: string): { upper: bigint; lower: bigint } {
  const [head = '', tail = ''] = text.split('::');
  const before = groupsOf(head);
  const after = groupsOf(tail);
  const zeros = Array<number>(8 - before.length - after.length).fill(0);
  const groups = [...before, ...zeros, ...after];
  return { upper: joined(groups.slice(0, 4)), lower: joined(groups.slice(4)) };
}

/**
 * Reads an address; IPv4-mapped IPv6 (`::ffff:192.0.2.1`) is the IPv4 address it maps.
 * @returns null for anything else, an address with a zone, brackets, a port or a prefix length included
 */
export function parseIpAddress(text: string): IpAddress | null {
  if (isIPv4(text)) return { family: 4, bits: bitsOfV4(text) };
  if (!isIPv6(text) || text.includes('%')) return null;
  const { upper, lower } = bitsOfV6(text);
  if (upper === 0n && lower >> 32n === V4_MAPPED) return { family: 4, bits: Number(lower & 0xffffffffn) };
  return { family: 6, upper, lower };
}
