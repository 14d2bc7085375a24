import { stringify } from 'csv-stringify/sync';
import type * as z from 'zod';
import { fittingParts, MAX_SENT_BYTES, sentBytes } from '../answer-size.ts';
import { ENV, requiredEnv } from '../env.ts';
import { readCounts } from './counts.ts';
import type { exportSchema } from './fields.ts';
import { publicLink } from './link.ts';
import { type LinkState, readLinks } from './link-index.ts';
import { matches } from './list.ts';

type Exported = Record<string, unknown> & { id: number };

/** How an export is written: a text for each link, and how they are joined. */
type Format = {
  type: string;
  headers: Record<string, string>;
  part: (row: Exported) => string;
  whole: (parts: string[], first: Exported | undefined) => string;
};

/** Written for spreadsheets: text that they would read as a formula is escaped. Rules are JSON. */
function csv(row: Exported): string {
  return stringify([row], {
    escape_formulas: true,
    cast: { boolean: String, object: (value) => JSON.stringify(value) },
  });
}

const FORMATS: Record<'json' | 'csv', Format> = {
  json: {
    type: 'application/json',
    headers: {},
    part: (row) => JSON.stringify(row),
    whole: (parts) => `[${parts.join(',')}]`,
  },
  csv: {
    type: 'text/csv',
    headers: { 'content-disposition': 'attachment; filename="links.csv"' },
    part: csv,
    whole: (parts, first) => (first ? stringify([Object.keys(first)]) + parts.join('') : ''),
  },
};

/** As many links after the cursor as may fit, and the cursor of the next ones if there are more. */
async function readRows(state: LinkState, afterId: number | undefined, search: string) {
  const limits = { direction: 'asc', links: 1_000, bytes: MAX_SENT_BYTES, afterId } as const;
  const { links, more } = await readLinks(state, limits);
  const found = links.filter((link) => matches(link, search));
  const counts = await readCounts(found);
  const baseUrl = requiredEnv(ENV.baseUrl);
  const rows: Exported[] = found.map((link) => {
    const { sparkline: _onlyInLists, ...numbers } = counts(link.id);
    return { ...publicLink(link, baseUrl), ...numbers, clicks_count: numbers.clicks_total };
  });
  return { rows, next: more ? links.at(-1)?.id : undefined };
}

/**
 * An export: links by id, as many as fit into one response. `after` is the cursor of the next ones, if there are more.
 */
export async function exportLinks(
  workspaceId: number,
  { format, search, cursor }: z.infer<typeof exportSchema>,
) {
  const { rows, next } = await readRows({ workspaceId, deleted: false }, cursor, search);
  const { type, headers, part, whole } = FORMATS[format];
  const parts = rows.map(part);
  const fitting = fittingParts(parts.map(sentBytes));
  const after = fitting < parts.length ? rows[fitting - 1]?.id : next;
  return { type, headers, text: whole(parts.slice(0, fitting), rows[0]), after };
}
