import { parseIpAddress } from '../../lambdas/redirect/geo.ts';

/** From this address on, upper 64 bits of it for IPv6, the text holds; an empty text is "unknown". */
export type Boundary = { start: bigint; text: string };
/** The boundaries of both families, each from low to high. */
export type Boundaries = { v4: Boundary[]; v6: Boundary[] };

type Range = { family: 4 | 6; start: bigint; end: bigint; text: string };

const LOWEST = 0n;
const HIGHEST = 0xffff_ffff_ffff_ffffn;

/** The last field as people read it: without CSV's quotes and without space around it. */
function textOf(field: string): string {
  const plain = field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
  return plain.trim();
}

/**
 * Reads `first address,last address,text`, with this many fields to skip before the text. IPv6 ranges are narrowed
 * to the whole /64s they hold: the few parts of a /64 that the data tells apart are unknown rather than wrong.
 * @returns null for a range within one /64
 * @throws Error that quotes a line that is no such range
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

/** Adds a boundary, unless the text goes on; one at the same start is replaced. */
function addBoundary(boundaries: Boundary[], start: bigint, text: string): void {
  if (boundaries.at(-1)?.start === start) boundaries.pop();
  if ((boundaries.at(-1)?.text ?? '') !== text) boundaries.push({ start, text });
}

/**
 * Boundaries of ranges: touching ranges of one text are merged, and what is between ranges is unknown. Where ranges
 * overlap, the one that starts later takes over, and what the other has left after it is unknown.
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
 * @throws Error that quotes a line that is no range
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
