import { hash } from 'node:crypto';
import { parseBody } from '../lambdas/api/input.ts';
import { type LinkFields, linkFieldsSchema } from '../lambdas/links/fields.ts';
import type { PASSWORD_MASK, PublicLink, Rule } from '../lambdas/links/link.ts';
import { RowError, UsageError } from './errors.ts';

/** A field of a link that a file can hold. Exports leave webhooks out, so that they can't be compared. */
export type Field = Exclude<keyof typeof linkFieldsSchema.shape, 'webhooks'>;

/** Every field that is imported. */
export const FIELDS = Object.keys(linkFieldsSchema.shape).filter((name) => name !== 'webhooks') as Field[];

/** Columns that our reports add in front. */
export const REPORT_COLUMNS = ['line', 'reason'];

/** Columns of exports and of our reports that the Clickhook gives its own values, or that say nothing of a link. */
const PASSED_OVER = [
  ...['id', 'workspace_id', 'full_url', 'inserted_at', 'updated_at'],
  ...['clicks_total', 'clicks_today', 'clicks_thirty_days'],
  ...['human_clicks_total', 'human_clicks_today', 'human_clicks_thirty_days'],
  ...REPORT_COLUMNS,
];

/** What a file's columns are: where each field is, how many cells a row has, and which columns nobody imports. */
export type Columns = { positions: Map<Field, number>; count: number; unknown: string[] };

const MAX_SHOWN = 60;

/**
 * @param path of the file, for sentences
 * @throws UsageError when links can't be read from a file with such a header
 */
export function readColumns(path: string, header: string[]): Columns {
  const names = header.map((cell) => cell.trim().toLowerCase());
  for (const required of ['url', 'slug']) {
    if (names.includes(required)) continue;
    const shown = header.join(',').slice(0, MAX_SHOWN);
    throw new UsageError(
      `${path} has no column "${required}": its first line must name the columns, separated by commas, and is "${shown}"`,
    );
  }
  const known = names.filter((name) => (FIELDS as string[]).includes(name));
  const twice = known.find((name, index) => known.indexOf(name) !== index);
  if (twice) throw new UsageError(`${path} has the column "${twice}" twice: remove one of the two`);
  const positions = new Map(known.map((name) => [name as Field, names.indexOf(name)]));
  const unknown = names.filter((name) => name !== '' && !known.includes(name) && !PASSED_OVER.includes(name));
  return { positions, count: header.length, unknown };
}

/** What exports show in the place of a password. */
export const MASK: typeof PASSWORD_MASK = '********';

/** A link as a row says it, in the form in which Clickhook keeps it. Fields without a column are not there. */
export type RowLink = Omit<LinkFields, 'webhooks'> & { url: string; slug: string };

const isFlag = (field: Field) => linkFieldsSchema.shape[field].safeParse('true').data === true;
const FLAGS = new Set((Object.keys(linkFieldsSchema.shape) as Field[]).filter(isFlag));

// What csv-stringify's escape_formulas puts an apostrophe before.
const ESCAPED_FORMULA = /^'[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

const withoutEscape = (cell: string) => (ESCAPED_FORMULA.test(cell) ? cell.slice(1) : cell);

/** Blank is what a link has that nobody said anything of. Spreadsheets write TRUE. */
function flag(field: Field, cell: string): unknown {
  const text = cell.trim().toLowerCase();
  return text === '' ? field === 'enabled' : text;
}

function rules(cell: string): unknown {
  if (cell.trim() === '') return [];
  try {
    return JSON.parse(cell);
  } catch {
    throw new RowError('rules: must be JSON, a list of rules, or blank');
  }
}

function readCell(field: Field, cell: string): unknown {
  if (FLAGS.has(field)) return flag(field, cell);
  return field === 'rules' ? rules(withoutEscape(cell)) : withoutEscape(cell);
}

/**
 * The link that a row stands for.
 * @throws RowError with what has to change in the row
 * @throws ClientError with the API's own sentences for fields at fault
 */
export function linkOfRow({ positions, count }: Columns, cells: string[]): RowLink {
  if (cells.length !== count) {
    throw new RowError(`the row has ${cells.length} cells, and the first line names ${count} columns`);
  }
  const sent = [...positions].map(([field, position]) => [field, readCell(field, cells[position] ?? '')]);
  const link = parseBody(linkFieldsSchema, Object.fromEntries(sent));
  if (!link.slug) {
    throw new RowError('slug: must be given. Without a slug, every import would create the link again');
  }
  // The trash switches a link off: this is how the Clickhook keeps it.
  if (link.deleted && link.enabled !== undefined) link.enabled = false;
  return link as RowLink;
}

/**
 * A short text that stands for the values of a link, a part for each field: a million of them fit into memory, and two
 * tell which fields differ.
 */
export type Fingerprint = string;

/** A link where it is compared: as the Clickhook answers it, or as a row says it. */
type Comparable = PublicLink | RowLink;

/** Domain and slug are what a link is found by. */
type ComparedField = Exclude<Field, 'domain' | 'slug'>;
const COMPARED = FIELDS.filter((field) => field !== 'domain' && field !== 'slug');

/** 60 bits: no two values of a field share them by chance. */
const PART_LENGTH = 10;

/** DynamoDB keeps the order of a list, and not that of the names in its rules. */
const inOrder = ({ what, matches, url, percentage }: Rule) => [what, matches, url, percentage];

/** Blank for what a link has that nobody said anything of. A password can't be read, only whether there is one. */
function part(field: Field, link: Comparable): string {
  const value = link[field];
  if (value === undefined || value === null || value === '') return '';
  if (typeof value === 'boolean') return value === (field === 'enabled') ? '' : String(Number(value));
  if (field === 'password') return '1';
  const comparable = Array.isArray(value) ? value.map(inOrder) : value;
  if (Array.isArray(comparable) && comparable.length === 0) return '';
  return hash('sha256', JSON.stringify(comparable), 'base64').slice(0, PART_LENGTH);
}

/** The fingerprint of a link; what a row does not say is at its default. */
export function fingerprint(link: Comparable): Fingerprint {
  return COMPARED.map((field) => part(field, link)).join(',');
}

/** The fields of a row that differ from a link there. What the file has no column for says nothing. */
export function differing(there: Fingerprint, row: RowLink): Field[] {
  const parts = there.split(',');
  return COMPARED.filter((field, index) => row[field] !== undefined && part(field, row) !== parts[index]);
}

/** Whether that link has a value that is not the default in a field. */
export function has(there: Fingerprint, field: ComparedField): boolean {
  return there.split(',')[COMPARED.indexOf(field)] !== '';
}

/** Where a link is: no two can be in one place. */
type LinkAddress = { domain?: string | null | undefined; slug: string };

/** What is known of a place. `line`: the row of this file that named it first; 0 when none did. */
export type Known = {
  /** 0 while the link is being made for the first time, and when that was refused. */
  id: number;
  fingerprint: Fingerprint;
  line: number;
  state: 'there' | 'pending' | 'refused';
};

/** The links of the workspace and of the file. One entry per link, small, because there may be a million. */
export class KnownLinks {
  readonly #known = new Map<string, Known>();

  /** The name of a place: `/slug`, or `domain/slug`. */
  static nameOf({ domain, slug }: LinkAddress): string {
    return `${domain ?? ''}${slug}`;
  }

  get(place: LinkAddress): Known | undefined {
    return this.#known.get(KnownLinks.nameOf(place));
  }

  /** A link that is there, as the Clickhook answers it or as a row says it. */
  setThere(id: number, link: Parameters<typeof fingerprint>[0]): void {
    const known = this.get(link);
    const entry: Known = { id, fingerprint: fingerprint(link), line: known?.line ?? 0, state: 'there' };
    this.#known.set(KnownLinks.nameOf(link), entry);
  }

  /** The link of a row is being written. */
  setPending(place: LinkAddress, line: number): void {
    const known = this.get(place) ?? { id: 0, fingerprint: '' };
    this.#known.set(KnownLinks.nameOf(place), { ...known, line, state: 'pending' });
  }

  /** The link of a row was not written. */
  setRefused(place: LinkAddress): void {
    const known = this.get(place);
    if (known) known.state = 'refused';
  }
}
