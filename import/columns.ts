import { linkFieldsSchema } from '../lambdas/links/fields.ts';
import { UsageError } from './errors.ts';

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
export type Columns = { places: Map<Field, number>; count: number; unknown: string[] };

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
  const places = new Map(known.map((name) => [name as Field, names.indexOf(name)]));
  const unknown = names.filter((name) => name !== '' && !known.includes(name) && !PASSED_OVER.includes(name));
  return { places, count: header.length, unknown };
}
