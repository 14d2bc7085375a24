import { hash } from 'node:crypto';
import type { PublicLink, Rule } from '../lambdas/links/link.ts';
import { FIELDS, type Field } from './columns.ts';
import type { RowLink } from './row-link.ts';

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
