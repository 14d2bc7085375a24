import { stringify } from 'csv-stringify/sync';
import { api } from '../core/api.ts';
import { ENV, requiredEnv } from '../core/env.ts';
import { parseBody } from '../core/input.ts';
import { publicLink } from '../core/link.ts';
import { readShelf, type Shelf } from '../core/link-index.ts';
import { readCounts } from './counts.ts';
import { exportSchema } from './requests.ts';
import { MAX_ANSWER_BYTES, matches } from './selection.ts';

type Exported = Record<string, unknown> & { id: number };

async function readPart(shelf: Shelf, cursor: number | undefined, search: string) {
  const reach = { direction: 'asc', links: 1_000, bytes: MAX_ANSWER_BYTES, afterId: cursor } as const;
  const { links, more } = await readShelf(shelf, reach);
  const found = links.filter((link) => matches(link, search));
  const counts = await readCounts(found);
  const baseUrl = requiredEnv(ENV.baseUrl);
  const rows: Exported[] = found.map((link) => ({ ...publicLink(link, baseUrl), ...counts(link.id) }));
  return { rows, next: more ? links.at(-1)?.id : undefined };
}

/** CSV for spreadsheets: what they would take for a formula is text. Rules are JSON. */
function csv(rows: Exported[]): string {
  const [first] = rows;
  if (!first) return '';
  return stringify(rows, {
    header: true,
    columns: Object.keys(first),
    escape_formulas: true,
    cast: { boolean: String, object: (value) => JSON.stringify(value) },
  });
}

/**
 * `GET /workspace/:id/links/export`: links by id, as far as they fit into one answer. When there are more, the header
 * `x-next-cursor` says what to send as `cursor` for the next ones.
 */
export const handler = api(async ({ workspaceId, query }) => {
  const sent = Object.fromEntries([...query].filter(([, value]) => value !== ''));
  const { format, search, cursor } = parseBody(exportSchema, sent);
  const { rows, next } = await readPart({ workspaceId, deleted: false }, cursor, search);
  const headers: Record<string, string> = next === undefined ? {} : { 'x-next-cursor': String(next) };
  if (format === 'json') return { status: 200, headers, body: rows };
  const name = { 'content-disposition': 'attachment; filename="links.csv"' };
  return { status: 200, headers: { ...headers, ...name }, type: 'text/csv', text: csv(rows) };
});
