import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { ClickParams } from './click.ts';
import { type LoggedClick, UTM_NAMES } from './log-entry.ts';

// Clicks as reports count them: a column for each counter. A column has the distinct values once, and for each click the
// index of its value. So a million clicks are counted without a million objects, and a day of clicks is a few bytes for
// each of them.

/** What clicks can be counted and filtered by. */
export const COLUMNS = [
  'link_id',
  'country',
  'platform',
  'browser',
  'bot_name',
  'referer',
  'isp',
  'destination',
  'rule',
  'ad_network',
  'params',
  ...UTM_NAMES,
] as const;
export type Column = (typeof COLUMNS)[number];

/** The distinct values of a column, and the index of each click's value. */
type Values = { values: (string | null)[]; indexes: ArrayLike<number> };

/** A step of time zones: every offset from UTC is a multiple of it. */
export const STEP_MS = 15 * 60 * 1_000;
export const DAY_MS = 24 * 60 * 60 * 1_000;

/** Clicks of one day (UTC). `day` counts from 1970; `steps` has the quarter of an hour of each click, from 0 to 95. */
export type DayClicks = {
  day: number;
  steps: ArrayLike<number>;
  columns: Record<Column, Values>;
};

/** Parameters that advertising networks add to links, and the network (their own documentation names them). */
const AD_PARAMETERS: Record<string, string> = {
  gclid: 'Google Ads',
  gbraid: 'Google Ads',
  wbraid: 'Google Ads',
  dclid: 'Google Marketing Platform',
  fbclid: 'Meta',
  msclkid: 'Microsoft Advertising',
  ttclid: 'TikTok',
  twclid: 'X',
  li_fat_id: 'LinkedIn',
  epik: 'Pinterest',
  ScCid: 'Snapchat',
  rdt_cid: 'Reddit',
  yclid: 'Yandex',
};

/** Longer values are mostly ids of single clicks. All of one parameter are counted together. */
const MOST_COUNTED_LENGTH = 32;

/** A parameter as `top_params` counts it. */
function countedParam(name: string, value: string): string {
  return value.length > MOST_COUNTED_LENGTH ? `${name}=…` : `${name}=${value}`;
}

const countedParams = (params: ClickParams) =>
  Object.entries(params).flatMap(([name, values]) =>
    [values].flat().map((value) => countedParam(name, value)),
  );

/** The host of a referrer, which can also be an app: `android-app://com.example`. */
function hostOf(referer: string | undefined): string | null {
  return (referer !== undefined && URL.canParse(referer) && new URL(referer).host) || null;
}

/**
 * The destination of a click that went to the link's own URL. The log does not repeat that URL in each click, so reports
 * look it up. No URL begins with this character.
 */
const OWN_URL = '=';
/** The id of the link whose URL a value of the column `destination` stands for; undefined for a URL. */
export const linkOfDestination = (value: string) => (value.startsWith(OWN_URL) ? value.slice(1) : undefined);

/** What a click has in each column. */
export function rowOf(click: LoggedClick): Record<Column, string | null> {
  const { params = {} } = click;
  const names = Object.keys(params);
  const utm = UTM_NAMES.map((name) => [name, click[name] ?? null]);
  return {
    link_id: String(click.link_id),
    country: click.country ?? null,
    platform: click.platform ?? null,
    browser: click.browser ?? null,
    bot_name: click.bot ?? null,
    referer: hostOf(click.referer),
    isp: click.isp ?? null,
    destination: click.destination ?? `${OWN_URL}${click.link_id}`,
    rule: click.rule === undefined ? null : String(click.rule),
    ad_network: Object.entries(AD_PARAMETERS).find(([name]) => names.includes(name))?.[1] ?? null,
    params: names.length > 0 ? JSON.stringify(countedParams(params)) : null,
    ...Object.fromEntries(utm),
  };
}

/** Collects the clicks of a day. */
export class DayBuilder {
  readonly day: number;
  private readonly steps: number[] = [];
  private readonly columns = COLUMNS.map((name) => ({
    name,
    known: new Map<string | null, number>(),
    indexes: [] as number[],
  }));

  constructor(day: number) {
    this.day = day;
  }

  get count(): number {
    return this.steps.length;
  }

  /** @param step the quarter of an hour, from 0 to 95 */
  add(step: number, click: LoggedClick): void {
    const row = rowOf(click);
    this.steps.push(step);
    for (const { name, known, indexes } of this.columns) {
      const value = row[name];
      const index = known.get(value) ?? known.size;
      if (index === known.size) known.set(value, index);
      indexes.push(index);
    }
  }

  clicks(): DayClicks {
    const columns = this.columns.map(({ name, known, indexes }) => [
      name,
      { values: [...known.keys()], indexes },
    ]);
    return { day: this.day, steps: this.steps, columns: Object.fromEntries(columns) };
  }
}

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
