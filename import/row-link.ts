import { parseBody } from '../lambdas/api/input.ts';
import { type LinkFields, linkFieldsSchema } from '../lambdas/links/fields.ts';
import type { PASSWORD_MASK } from '../lambdas/links/link.ts';
import type { Columns, Field } from './columns.ts';
import { Refusal } from './refusal.ts';

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
    throw new Refusal('rules: must be JSON, a list of rules, or blank');
  }
}

function readCell(field: Field, cell: string): unknown {
  if (FLAGS.has(field)) return flag(field, cell);
  return field === 'rules' ? rules(withoutEscape(cell)) : withoutEscape(cell);
}

/**
 * The link that a row stands for.
 * @throws Refusal with what has to change in the row
 * @throws ClientError with the API's own sentences for fields at fault
 */
export function linkOfRow({ places, count }: Columns, cells: string[]): RowLink {
  if (cells.length !== count) {
    throw new Refusal(`the row has ${cells.length} cells, and the first line names ${count} columns`);
  }
  const sent = [...places].map(([field, place]) => [field, readCell(field, cells[place] ?? '')]);
  const link = parseBody(linkFieldsSchema, Object.fromEntries(sent));
  if (!link.slug) {
    throw new Refusal('slug: must be given. Without a slug, every import would create the link again');
  }
  // The trash switches a link off: this is how the Clickhook keeps it.
  if (link.deleted && link.enabled !== undefined) link.enabled = false;
  return link as RowLink;
}
