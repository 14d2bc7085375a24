import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { GEO_FILE, newGeoFile, parseIpAddress } from '../lambdas/redirect/geo-file.ts';

/** The text applies from this address on (for IPv6, its upper 64 bits). An empty text means "unknown". */
export type Boundary = { start: bigint; text: string };
/** The boundaries of both address families, each in ascending order. */
export type Boundaries = { v4: Boundary[]; v6: Boundary[] };

type Range = { family: 4 | 6; start: bigint; end: bigint; text: string };

const LOWEST = 0n;
const HIGHEST = 0xffff_ffff_ffff_ffffn;

/** The last field without CSV quotes and surrounding spaces. */
function textOf(field: string): string {
  const plain = field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
  return plain.trim();
}

/**
 * Reads `first address,last address,text`, with this many fields to skip before the text. IPv6 ranges are narrowed to
 * the whole /64s that they contain. The few parts of a /64 that the data separates become unknown rather than wrong.
 * @returns null for a range within one /64
 * @throws Error that quotes the line when it is not such a range
 */
function rangeOf(line: string, skippedFields: number): Range | null {
  const firstEnd = line.indexOf(',');
  const lastEnd = line.indexOf(',', firstEnd + 1);
  const from = parseIpAddress(line.slice(0, firstEnd));
  const to = parseIpAddress(line.slice(firstEnd + 1, lastEnd));
  let textStart = lastEnd + 1;
  for (let skipped = 0; skipped < skippedFields; skipped++) textStart = line.indexOf(',', textStart) + 1;
  const text = textOf(line.slice(textStart));
  if (from?.family === 4 && to?.family === 4 && from.bits <= to.bits) {
    return { family: 4, start: BigInt(from.bits), end: BigInt(to.bits), text };
  }
  if (from?.family !== 6 || to?.family !== 6 || from.upper > to.upper) {
    throw new Error(`This is not a range of addresses: ${line}`);
  }
  const start = from.lower === LOWEST ? from.upper : from.upper + 1n;
  const end = to.lower === HIGHEST ? to.upper : to.upper - 1n;
  return start <= end ? { family: 6, start, end, text } : null;
}

/** Adds a boundary, unless the text stays the same. A boundary with the same start is replaced. */
function addBoundary(boundaries: Boundary[], start: bigint, text: string): void {
  if (boundaries.at(-1)?.start === start) boundaries.pop();
  if ((boundaries.at(-1)?.text ?? '') !== text) boundaries.push({ start, text });
}

/**
 * The boundaries of ranges. Adjacent ranges with the same text are merged, and gaps between ranges are unknown. Where
 * ranges overlap, the one that starts later wins, and the rest of the other one after it is unknown.
 * @param space how many starts the family has
 */
function boundariesOf(ranges: Range[], space: bigint): Boundary[] {
  const boundaries: Boundary[] = [];
  const sorted = ranges.toSorted((a, b) => Number(a.start - b.start));
  for (const [index, { start, end, text }] of sorted.entries()) {
    addBoundary(boundaries, start, text);
    const next = sorted[index + 1]?.start ?? space;
    if (next > end + 1n) addBoundary(boundaries, end + 1n, '');
  }
  return boundaries;
}

/**
 * The boundaries of the lines of CSV files, `first address,last address,…,text`, in any order.
 * @param skippedFields fields between the addresses and the text
 * @throws Error that quotes a line that is not a range
 */
export function readBoundaries(lines: string[], skippedFields: number): Boundaries {
  const ranges = lines.filter(Boolean).flatMap((line) => rangeOf(line, skippedFields) ?? []);
  return {
    v4: boundariesOf(
      ranges.filter(({ family }) => family === 4),
      1n << 32n,
    ),
    v6: boundariesOf(
      ranges.filter(({ family }) => family === 6),
      1n << 64n,
    ),
  };
}

/** Every text once with its index, "unknown" (the empty text) first. */
function indexTexts(boundaries: Boundary[]): Map<string, number> {
  const indexes = new Map([['', 0]]);
  for (const { text } of boundaries) {
    if (!indexes.has(text)) indexes.set(text, indexes.size);
  }
  return indexes;
}

/** The bytes of the geo file for these boundaries, in this machine's byte order: little-endian on arm64 and x64. */
export function encodeGeoFile({ v4, v6 }: Boundaries): Uint8Array {
  const indexes = indexTexts([...v4, ...v6]);
  const texts = [...indexes.keys()].map((text) => Buffer.from(text));
  const indexOf = ({ text }: Boundary) => indexes.get(text) ?? 0;
  const { bytes, sections } = newGeoFile({
    v4: v4.length,
    v6: v6.length,
    texts: texts.length,
    textBytes: texts.reduce((total, text) => total + text.length, 0),
  });
  sections.v4Starts.set(v4.map(({ start }) => Number(start)));
  sections.v6Starts.set(v6.map(({ start }) => start));
  sections.v4Values.set(v4.map(indexOf));
  sections.v6Values.set(v6.map(indexOf));
  let end = 0;
  for (const [index, text] of texts.entries()) {
    sections.text.set(text, end);
    end += text.length;
    sections.textEnds[index] = end;
  }
  return bytes;
}

type Source = { file: string; csvs: string[]; skippedFields: number };

/** The source of each file. docs/data.md describes where the data comes from and under which licences. */
const SOURCES: Source[] = [
  {
    file: GEO_FILE.country,
    csvs: [
      '@ip-location-db/asn-country/asn-country-ipv4.csv',
      '@ip-location-db/asn-country/asn-country-ipv6.csv',
    ],
    skippedFields: 0,
  },
  {
    file: GEO_FILE.isp,
    csvs: ['@ip-location-db/asn/asn-ipv4.csv', '@ip-location-db/asn/asn-ipv6.csv'],
    // The number of the network precedes its owner's name.
    skippedFields: 1,
  },
];

const { resolve } = createRequire(import.meta.url);

async function linesOf(csv: string): Promise<string[]> {
  return (await readFile(resolve(csv), 'utf8')).split('\n');
}

/**
 * Writes the geo files from the installed data packages into a folder. Creates the folder if it is missing.
 * @returns the number of bytes written
 * @throws Error that names the CSV file or quotes its line, when one is missing or malformed
 */
export async function buildGeoData(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  const sizes = SOURCES.map(async ({ file, csvs, skippedFields }) => {
    const lines = (await Promise.all(csvs.map(linesOf))).flat();
    const bytes = encodeGeoFile(readBoundaries(lines, skippedFields));
    await writeFile(join(folder, file), bytes);
    return bytes.length;
  });
  return (await Promise.all(sizes)).reduce((total, size) => total + size, 0);
}
