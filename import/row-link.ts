import { hash } from 'node:crypto';
import { parseBody } from '../lambdas/api/input.ts';
import { type LinkFields, linkFieldsSchema } from '../lambdas/links/fields.ts';
import {
  type FieldsOf,
  IMPORTED_FIELDS,
  LINK_DEFAULTS,
  LINK_FIELDS,
  type PublicLink,
  type Rule,
} from '../lambdas/links/link.ts';
import { RowError } from './command.ts';
import type { Columns, Field } from './csv-file.ts';

/** The link that a row describes, in stored form. Fields without a column are missing. */
export type RowLink = Omit<LinkFields, 'webhooks'> & { url: string; slug: string };

// The characters before which csv-stringify's escape_formulas puts an apostrophe.
const ESCAPED_FORMULA = /^'[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

const withoutEscape = (cell: string) => (ESCAPED_FORMULA.test(cell) ? cell.slice(1) : cell);

const isFlag = (field: Field): field is FieldsOf<'flag'> =>
  field !== 'password' && LINK_FIELDS[field].kind === 'flag';

/** A blank cell means the default. Spreadsheets write TRUE in capitals. */
function flag(field: FieldsOf<'flag'>, cell: string): unknown {
  const text = cell.trim().toLowerCase();
  return text === '' ? LINK_DEFAULTS[field] : text;
}

function rules(cell: string): unknown {
  if (cell.trim() === '') return [];
  try {
    return JSON.parse(cell);
  } catch {
    throw new RowError('rules: must be a JSON list of rules, or blank');
  }
}

function readCell(field: Field, cell: string): unknown {
  if (isFlag(field)) return flag(field, cell);
  return field === 'rules' ? rules(withoutEscape(cell)) : withoutEscape(cell);
}

/**
 * The link of a row.
 * @throws RowError that says what to change in the row
 * @throws ClientError with the API's own sentences about wrong fields
 */
export function linkOfRow({ positions, count }: Columns, cells: string[]): RowLink {
  if (cells.length !== count) {
    throw new RowError(
      `the row has ${cells.length} cells, but the first line names ${count} columns. Make them match`,
    );
  }
  const sent = [...positions].map(([field, position]) => [field, readCell(field, cells[position] ?? '')]);
  const link = parseBody(linkFieldsSchema, Object.fromEntries(sent));
  if (!link.slug) {
    throw new RowError(
      'slug: is missing. Enter a slug, because without one every import would create the link again',
    );
  }
  // A link in the trash is always disabled, as Clickhook stores it.
  if (link.deleted && link.enabled !== undefined) link.enabled = false;
  return link as RowLink;
}

/**
 * A short text for the values of a link, with a part for each field. A million of them fit into memory, and comparing
 * two shows which fields differ.
 */
export type Fingerprint = string;

/** A link to compare, from the API or from a row. */
type Comparable = PublicLink | RowLink;

/** The domain and the slug identify a link. */
type ComparedField = Exclude<Field, 'domain' | 'slug'>;
const COMPARED = IMPORTED_FIELDS.filter((field) => field !== 'domain' && field !== 'slug');

/** 60 bits, so that two values of a field never share a hash by chance. */
const PART_LENGTH = 10;

/** DynamoDB keeps the order of rules, but not the order of the names in a rule. */
const inOrder = ({ what, matches, url, percentage }: Rule) => [what, matches, url, percentage];

/** Blank for a field with its default value. A password cannot be read; only whether the link has one. */
function part(field: Field, link: Comparable): string {
  const value = link[field];
  if (value === undefined || value === null || value === '') return '';
  if (isFlag(field)) return value === LINK_DEFAULTS[field] ? '' : String(Number(value));
  if (field === 'password') return '1';
  const comparable = Array.isArray(value) ? value.map(inOrder) : value;
  if (Array.isArray(comparable) && comparable.length === 0) return '';
  return hash('sha256', JSON.stringify(comparable), 'base64').slice(0, PART_LENGTH);
}

/** The fingerprint of a link. Missing fields have their default. */
export function fingerprint(link: Comparable): Fingerprint {
  return COMPARED.map((field) => part(field, link)).join(',');
}

/** The fields of a row that differ from an existing link. Fields without a column are not compared. */
export function differing(existing: Fingerprint, row: RowLink): Field[] {
  const parts = existing.split(',');
  return COMPARED.filter((field, index) => row[field] !== undefined && part(field, row) !== parts[index]);
}

/** Whether a field of a link does not have its default value. */
export function isSet(existing: Fingerprint, field: ComparedField): boolean {
  return existing.split(',')[COMPARED.indexOf(field)] !== '';
}

/** The address of a link. No two links share one. */
type LinkAddress = { domain?: string | null | undefined; slug: string };

/** What is known about the link at an address. */
export type KnownLink = {
  /** 0 while the link is being created, and after the API rejected it. */
  id: number;
  fingerprint: Fingerprint;
  /** The row of this file that first named the address; 0 when none did. */
  line: number;
  state: 'existing' | 'pending' | 'refused';
};

/** The links of the workspace and of the file, by address. Entries are small, because there may be a million. */
export class KnownLinks {
  readonly #known = new Map<string, KnownLink>();

  /** An address as text: `/slug`, or `domain/slug`. */
  static addressOf({ domain, slug }: LinkAddress): string {
    return `${domain ?? ''}${slug}`;
  }

  get(address: LinkAddress): KnownLink | undefined {
    return this.#known.get(KnownLinks.addressOf(address));
  }

  /** Records that a link exists. */
  setExisting(id: number, link: Comparable): void {
    const known = this.get(link);
    const entry: KnownLink = {
      id,
      fingerprint: fingerprint(link),
      line: known?.line ?? 0,
      state: 'existing',
    };
    this.#known.set(KnownLinks.addressOf(link), entry);
  }

  /** Records that the link of a row is being written. */
  setPending(address: LinkAddress, line: number): void {
    const known = this.get(address) ?? { id: 0, fingerprint: '' };
    this.#known.set(KnownLinks.addressOf(address), { ...known, line, state: 'pending' });
  }

  /** Records that the API rejected the link of a row. */
  setRefused(address: LinkAddress): void {
    const known = this.get(address);
    if (known) known.state = 'refused';
  }
}
