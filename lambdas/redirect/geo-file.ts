import { type FileHandle, open } from 'node:fs/promises';
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
export type GeoFile = {
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

/** The sections in the order of the file. The widest come first, so that all are aligned. */
function sectionsOf(file: ArrayBuffer, { v4, v6, texts, textBytes }: GeoCounts): GeoFile {
  const v4StartsAt = HEADER_BYTES + v6 * 8;
  const v6ValuesAt = v4StartsAt + v4 * 4;
  const v4ValuesAt = v6ValuesAt + v6 * 4;
  const textEndsAt = v4ValuesAt + v4 * 4;
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
export function newGeoFile(counts: GeoCounts): { bytes: Uint8Array; sections: GeoFile } {
  const file = new ArrayBuffer(sizeOf(counts));
  new Uint8Array(file).set(MAGIC);
  new Uint32Array(file, MAGIC.length, 5).set([VERSION, counts.v4, counts.v6, counts.texts, counts.textBytes]);
  return { bytes: new Uint8Array(file), sections: sectionsOf(file, counts) };
}

/**
 * The sections of a file's bytes.
 * @throws Error that says what is wrong, when the file is incomplete or not a geo file
 */
export function openGeoFile(file: ArrayBuffer): GeoFile {
  const magic = Buffer.from(file, 0, Math.min(MAGIC.length, file.byteLength));
  if (file.byteLength < HEADER_BYTES || !magic.equals(MAGIC)) throw new Error('The file is not a geo file');
  // The bytes are read in the byte order of the machine. On a big-endian machine the version does not match, so the
  // file is rejected.
  const [version, v4 = 0, v6 = 0, texts = 0, textBytes = 0] = new Uint32Array(file, MAGIC.length, 5);
  if (version !== VERSION) throw new Error(`The geo file has version ${version}, not ${VERSION}`);
  const wanted = sizeOf({ v4, v6, texts, textBytes });
  if (file.byteLength !== wanted) throw new Error(`The geo file has ${file.byteLength} bytes, not ${wanted}`);
  return sectionsOf(file, { v4, v6, texts, textBytes });
}

async function readWhole(handle: FileHandle): Promise<ArrayBuffer> {
  const { size } = await handle.stat();
  // A new buffer is aligned for the sections, and a single read is faster than the many reads of readFile.
  const file = new ArrayBuffer(size);
  const { bytesRead } = await handle.read(new Uint8Array(file), 0, size, 0);
  if (bytesRead !== size) throw new Error(`Only ${bytesRead} of ${size} bytes of the geo file were read`);
  return file;
}

/**
 * Reads a geo file into memory.
 * @throws Error when the file cannot be read, is incomplete, or is not a geo file
 */
export async function readGeoFile(path: string): Promise<GeoFile> {
  await using handle = await open(path);
  return openGeoFile(await readWhole(handle));
}

/**
 * The index of the last start that is not above the wanted one; -1 when all are above it. Starts are in ascending
 * order.
 */
function lastStartNotAbove<T extends number | bigint>(starts: ArrayLike<T>, wanted: T): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] as T) <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The text of the range that contains an address; null when it is unknown. Decodes only this text. */
export function lookUp(file: GeoFile, address: IpAddress): string | null {
  const value =
    address.family === 4
      ? file.v4Values[lastStartNotAbove(file.v4Starts, address.bits)]
      : file.v6Values[lastStartNotAbove(file.v6Starts, address.upper)];
  if (!value) return null;
  const bytes = file.text.subarray(file.textEnds[value - 1], file.textEnds[value]);
  return new TextDecoder().decode(bytes) || null;
}
