import { stringify } from 'csv-stringify/sync';
import { fittingParts, sentBytes } from '../answer-size.ts';

/**
 * Rows as text for spreadsheets: text that they would read as a formula is escaped. Lines end in CRLF (RFC 4180).
 * Objects are JSON.
 */
export function rowsAsText(rows: unknown[][], delimiter: ',' | '\t' = ','): string {
  return stringify(rows, {
    delimiter,
    record_delimiter: 'windows',
    escape_formulas: true,
    cast: { boolean: String, object: (value) => JSON.stringify(value) },
  });
}

/** The first rows, as many as fit into one response. */
export function fittingRows(rows: unknown[][]): unknown[][] {
  return rows.slice(0, fittingParts(rows.map((row) => sentBytes(rowsAsText([row])))));
}

/** The media types of the formats, and what separates their columns. */
export const TEXT_FORMATS = {
  csv: { type: 'text/csv', delimiter: ',' },
  tsv: { type: 'text/tab-separated-values', delimiter: '\t' },
} as const;
