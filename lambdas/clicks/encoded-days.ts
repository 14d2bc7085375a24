import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { COLUMNS, type DayClicks } from './columns.ts';

// The clicks of a day as bytes. A part has a header with the values of each column, the quarter of an hour of each click,
// and for each column the index of each click's value, in as few bytes as its number of values allows.

const INDEX_ARRAYS = [Uint8Array, Uint16Array, Uint32Array] as const;
/** The smallest kind of array that holds the indexes of so many values. */
const arrayFor = (values: number) =>
  INDEX_ARRAYS.find(({ BYTES_PER_ELEMENT }) => values <= 2 ** (8 * BYTES_PER_ELEMENT)) ?? Uint32Array;

/** Clicks from `start` to before `end` of a day, with only the values that they have. */
function part({ day, steps, columns }: DayClicks, start: number, end: number): DayClicks {
  const cut = Object.entries(columns).map(([name, { values, indexes }]) => {
    const known = new Map<number, number>();
    const own = Array.from({ length: end - start }, (_, offset) => {
      const index = indexes[start + offset] ?? 0;
      const renumbered = known.get(index) ?? known.size;
      if (renumbered === known.size) known.set(index, renumbered);
      return renumbered;
    });
    return [name, { values: [...known.keys()].map((index) => values[index] ?? null), indexes: own }];
  });
  return { day, steps: Array.from(steps).slice(start, end), columns: Object.fromEntries(cut) };
}

function encode({ day, steps, columns }: DayClicks): Buffer {
  const values = COLUMNS.map((name) => columns[name].values);
  const header = Buffer.from(JSON.stringify({ day, count: steps.length, values }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const arrays = COLUMNS.map((name) => arrayFor(columns[name].values.length).from(columns[name].indexes));
  const bytes = [Uint8Array.from(steps), ...arrays].map(({ buffer }) => Buffer.from(buffer));
  return zstdCompressSync(Buffer.concat([length, header, ...bytes]));
}

/** How many clicks are tried first for one part of a day's summary. */
const PART_CLICKS = 20_000;

/** The clicks of a day in compressed parts of at most `most` bytes. */
export function encodeDay(clicks: DayClicks, most: number): Buffer[] {
  const parts: Buffer[] = [];
  let size = PART_CLICKS;
  for (let start = 0; start < clicks.steps.length; ) {
    const end = Math.min(start + size, clicks.steps.length);
    const encoded = encode(part(clicks, start, end));
    if (encoded.length > most && end - start > 1) {
      size = Math.ceil((end - start) / 2);
      continue;
    }
    parts.push(encoded);
    start = end;
  }
  return parts;
}

/** A part of a day as it was before `encodeDay`. */
export function decodePart(encoded: Uint8Array): DayClicks {
  const bytes = zstdDecompressSync(encoded);
  const headerEnd = 4 + bytes.readUInt32LE();
  const { day, count, values } = JSON.parse(bytes.toString('utf8', 4, headerEnd)) as {
    day: number;
    count: number;
    values: (string | null)[][];
  };
  let at = headerEnd;
  const read = (Kind: (typeof INDEX_ARRAYS)[number]) => {
    const end = at + count * Kind.BYTES_PER_ELEMENT;
    // Copied, because an array of larger numbers has to start at a multiple of their size.
    const copy = new Kind(Uint8Array.from(bytes.subarray(at, end)).buffer);
    at = end;
    return copy;
  };
  const steps = read(Uint8Array);
  const columns = COLUMNS.map((name, index) => {
    const own = values[index] ?? [];
    return [name, { values: own, indexes: read(arrayFor(own.length)) }];
  });
  return { day, steps, columns: Object.fromEntries(columns) };
}
