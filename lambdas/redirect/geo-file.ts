import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { isIPv4, isIPv6 } from 'node:net';

/** An address as numbers: 32 bits of IPv4, or the upper and lower 64 bits of IPv6. */
export type IpAddress = { family: 4; bits: number } | { family: 6; upper: bigint; lower: bigint };

const V4_MAPPED = 0xffffn;

const DOT = '.'.charCodeAt(0);
const ZERO = '0'.charCodeAt(0);

/** Creates no string for each part, because a geo file is built from a million addresses. */
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

/** The 16-bit groups on one side of `::`. A tail with dots counts as two. */
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
 * Reads an IP address. IPv4-mapped IPv6 (`::ffff:192.0.2.1`) is read as its IPv4 address.
 * @returns null for anything else, such as an address with a zone, brackets, a port or a prefix length
 */
export function parseIpAddress(text: string): IpAddress | null {
  if (isIPv4(text)) return { family: 4, bits: bitsOfV4(text) };
  if (!isIPv6(text) || text.includes('%')) return null;
  const { upper, lower } = bitsOfV6(text);
  if (upper === 0n && lower >> 32n === V4_MAPPED) return { family: 4, bits: Number(lower & 0xffffffffn) };
  return { family: 6, upper, lower };
}

/** The folder of the geo files in a function's bundle. */
export const GEO_FOLDER = 'geo';
/** The names of the files in the geo folder: two-letter country codes, and names of network owners. */
export const GEO_FILE = { country: 'country.bin', isp: 'isp.bin' } as const;

/** The number of entries in each section of a geo file; `textBytes` is the length of all texts in UTF-8. */
export type GeoCounts = { v4: number; v6: number; texts: number; textBytes: number };

/**
 * A geo file as typed arrays over its bytes, with nothing to parse (docs/data.md describes the layout). A range extends
 * from its start to the next start of its family. Its value is the index of a text; text 0 means "unknown".
 */
export type GeoSections = {
  /** The upper 64 bits of IPv6 addresses. */
  v6Starts: BigUint64Array<ArrayBuffer>;
  v4Starts: Uint32Array<ArrayBuffer>;
  v6Values: Uint32Array<ArrayBuffer>;
  v4Values: Uint32Array<ArrayBuffer>;
  /** Where each text ends in `text`; it starts where the previous one ends. */
  textEnds: Uint32Array<ArrayBuffer>;
  text: Uint8Array<ArrayBuffer>;
};

const MAGIC = new TextEncoder().encode('CLICKGEO');
const VERSION = 1;
const HEADER_BYTES = 32;

const sizeOf = ({ v4, v6, texts, textBytes }: GeoCounts) =>
  HEADER_BYTES + v6 * 12 + v4 * 8 + texts * 4 + textBytes;

/** Where the sections begin, in the order of the file. The widest come first, so that all are aligned. */
function offsetsOf({ v4, v6 }: GeoCounts) {
  const v4StartsAt = HEADER_BYTES + v6 * 8;
  const v6ValuesAt = v4StartsAt + v4 * 4;
  const v4ValuesAt = v6ValuesAt + v6 * 4;
  return { v4StartsAt, v6ValuesAt, v4ValuesAt, textEndsAt: v4ValuesAt + v4 * 4 };
}

function sectionsOf(file: ArrayBuffer, counts: GeoCounts): GeoSections {
  const { v4, v6, texts, textBytes } = counts;
  const { v4StartsAt, v6ValuesAt, v4ValuesAt, textEndsAt } = offsetsOf(counts);
  return {
    v6Starts: new BigUint64Array(file, HEADER_BYTES, v6),
    v4Starts: new Uint32Array(file, v4StartsAt, v4),
    v6Values: new Uint32Array(file, v6ValuesAt, v6),
    v4Values: new Uint32Array(file, v4ValuesAt, v4),
    textEnds: new Uint32Array(file, textEndsAt, texts),
    text: new Uint8Array(file, textEndsAt + texts * 4, textBytes),
  };
}

/** A new file with these counts. Its header is written. Its sections are zeros for the caller to fill. */
export function newGeoFile(counts: GeoCounts): { bytes: Uint8Array; sections: GeoSections } {
  const file = new ArrayBuffer(sizeOf(counts));
  new Uint8Array(file).set(MAGIC);
  new Uint32Array(file, MAGIC.length, 5).set([VERSION, counts.v4, counts.v6, counts.texts, counts.textBytes]);
  return { bytes: new Uint8Array(file), sections: sectionsOf(file, counts) };
}

/** An open geo file, of which single values are read when they are needed: a look-up reads about 50 of them. */
export type OpenGeoFile = { fd: number; counts: GeoCounts };

/** Reads this many bytes of a file. @throws Error when the file is shorter */
function bytesAt(fd: number, at: number, size: number): Buffer<ArrayBuffer> {
  const bytes = Buffer.alloc(size);
  const read = readSync(fd, bytes, 0, size, at);
  if (read !== size) throw new Error(`Only ${read} of ${size} bytes of the geo file were read`);
  return bytes;
}

/** The header's numbers are in the byte order of the machine: on a big-endian one, the version does not match. */
function countsOf(fd: number, fileBytes: number): GeoCounts {
  if (fileBytes < HEADER_BYTES) throw new Error('The file is not a geo file');
  const header = bytesAt(fd, 0, HEADER_BYTES);
  if (!header.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error('The file is not a geo file');
  const [version = 0, v4 = 0, v6 = 0, texts = 0, textBytes = 0] = [0, 4, 8, 12, 16].map((at) =>
    header.readUInt32LE(MAGIC.length + at),
  );
  if (version !== VERSION) throw new Error(`The geo file has version ${version}, not ${VERSION}`);
  const wanted = sizeOf({ v4, v6, texts, textBytes });
  if (fileBytes !== wanted) throw new Error(`The geo file has ${fileBytes} bytes, not ${wanted}`);
  return { v4, v6, texts, textBytes };
}

/**
 * Opens a geo file. It stays open as long as the process.
 * @throws Error when the file cannot be read, is incomplete, or is not a geo file
 */
export function openGeoFile(path: string): OpenGeoFile {
  const fd = openSync(path, 'r');
  try {
    return { fd, counts: countsOf(fd, fstatSync(fd).size) };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/**
 * The index of the last start that is not above the wanted one; -1 when all are above it. Starts are in ascending
 * order.
 */
function lastNotAbove(length: number, isAbove: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isAbove(middle)) high = middle;
    else low = middle + 1;
  }
  return low - 1;
}

/** The index of the range that contains an address, and where its value is in the file; undefined for none. */
function valueAt({ fd, counts }: OpenGeoFile, address: IpAddress): number | undefined {
  const { v4StartsAt, v6ValuesAt, v4ValuesAt } = offsetsOf(counts);
  if (address.family === 4) {
    const isAbove = (index: number) => bytesAt(fd, v4StartsAt + index * 4, 4).readUInt32LE() > address.bits;
    const index = lastNotAbove(counts.v4, isAbove);
    return index < 0 ? undefined : v4ValuesAt + index * 4;
  }
  const isAbove = (index: number) =>
    bytesAt(fd, HEADER_BYTES + index * 8, 8).readBigUInt64LE() > address.upper;
  const index = lastNotAbove(counts.v6, isAbove);
  return index < 0 ? undefined : v6ValuesAt + index * 4;
}

/**
 * The text of the range that contains an address; null when it is unknown.
 * @throws Error when the file was cut off since it was opened
 */
export function lookUp(file: OpenGeoFile, address: IpAddress): string | null {
  const { fd, counts } = file;
  const at = valueAt(file, address);
  const value = at === undefined ? 0 : bytesAt(fd, at, 4).readUInt32LE();
  if (value === 0) return null;
  const { textEndsAt } = offsetsOf(counts);
  const ends = bytesAt(fd, textEndsAt + (value - 1) * 4, 8);
  const start = ends.readUInt32LE();
  const text = bytesAt(fd, textEndsAt + counts.texts * 4 + start, ends.readUInt32LE(4) - start);
  return text.toString() || null;
}
