import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { CsvError, type InfoRecord, type Options, parse } from 'csv-parse';
import { COUNT_FIELDS, IMPORTED_FIELDS, READ_ONLY_FIELDS } from '../lambdas/links/link.ts';
import { UsageError } from './command.ts';

/** A row of the file: the line on which it begins, its cells unchanged, and where it ends. */
export type Row = { line: number; cells: string[]; endByte: number };

/** A file that was read once from beginning to end and is valid CSV. */
export type CsvFile = { path: string; header: string[]; rows: number; bytes: number };

/**
 * Rows are much smaller (see MAX_LINK_BYTES). The limit stops a quote that is never closed from reading in the whole
 * file.
 */
const MAX_ROW_BYTES = 1024 * 1024;

const SENTENCES: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: 'A quote is opened and never closed. Close it, or write it twice.',
  INVALID_OPENING_QUOTE: 'A cell contains a quote. Write it twice, and put the cell in quotes.',
  CSV_INVALID_CLOSING_QUOTE: 'There is text after a closing quote. Write quotes within a cell twice.',
  CSV_MAX_RECORD_SIZE: 'The row is longer than 1 MB. Look for a quote that is never closed.',
};

function csvProblem(path: string, line: number, error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  const sentence = SENTENCES[error.code] ?? error.message;
  return new UsageError(`${path} is not valid CSV at line ${line}. ${sentence}`);
}

/** Counts lines as an editor shows them. The parser's own count takes a CRLF within quotes for two lines. */
function lineCounter() {
  const count = { next: 1, emptyBefore: 0 };
  const begin = (cells: string[], { empty_lines }: InfoRecord): number => {
    const line = count.next + empty_lines - count.emptyBefore;
    const breaks = cells.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
    count.next = line + breaks + 1;
    count.emptyBefore = empty_lines;
    return line;
  };
  return { begin, next: () => count.next };
}

/** Without `fatal`, bytes that are not UTF-8 would silently become other letters. */
async function* utf8Only(path: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (chunk?: Buffer) => {
    try {
      decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw new UsageError(`${path} is not UTF-8 text. Save it as CSV in UTF-8.`);
    }
  };
  for await (const chunk of createReadStream(path)) {
    decode(chunk);
    yield chunk;
  }
  decode();
}

/** Every row that is not empty, the header first. Keeps no more than a chunk of the file in memory. */
async function* readRecords(path: string): AsyncGenerator<Row> {
  const lines = lineCounter();
  const toRow = (cells: string[], info: InfoRecord): Row => ({
    line: lines.begin(cells, info),
    cells,
    endByte: info.bytes,
  });
  const parser = parse({
    bom: true,
    record_delimiter: ['\r\n', '\n'],
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: MAX_ROW_BYTES,
    // The library's types do not cover this combination of options.
    on_record: toRow as unknown as NonNullable<Options['on_record']>,
  });
  // Errors while reading surface through the parser, below.
  pipeline(utf8Only(path), parser, () => undefined);
  try {
    for await (const row of parser as AsyncIterable<Row>) {
      if (row.cells.some((cell) => cell.trim() !== '')) yield row;
    }
  } catch (error) {
    throw csvProblem(path, lines.next(), error);
  }
}

const sameCells = (a: string[], b: string[]) =>
  a.length === b.length && a.every((cell, index) => cell === b[index]);

/** The rows with links. The header may repeat, because an export in several parts can be joined into one file. */
export async function* readRows({ path, header }: CsvFile): AsyncGenerator<Row> {
  for await (const row of readRecords(path)) {
    if (!sameCells(row.cells, header)) yield row;
  }
}

async function fileSize(path: string): Promise<number> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${path} can't be read (${error.code}). Give the name of the CSV file to import.`);
  });
  if (!found.isFile())
    throw new UsageError(`${path} is not a file. Give the name of the CSV file to import.`);
  return found.size;
}

/**
 * Reads the whole file first, so that nothing is imported from one that is truncated or not valid CSV.
 * @throws UsageError that says what is wrong, and in which line
 */
export async function openCsv(path: string): Promise<CsvFile> {
  const bytes = await fileSize(path);
  let header: string[] | undefined;
  let rows = 0;
  for await (const { cells } of readRecords(path)) {
    if (!header) header = cells;
    else if (!sameCells(cells, header)) rows++;
  }
  if (!header) throw new UsageError(`${path} is empty. Its first line must name the columns.`);
  return { path, header, rows, bytes };
}

/** A field of a link that a file can contain. Exports leave webhooks out, so they cannot be compared. */
export type Field = (typeof IMPORTED_FIELDS)[number];

/** The columns that a report of refused rows adds at the front. */
export const REPORT_COLUMNS = ['line', 'reason'];

/** Columns of exports and reports that an import cannot set. */
const IGNORED_COLUMNS: readonly string[] = [...READ_ONLY_FIELDS, ...COUNT_FIELDS, ...REPORT_COLUMNS];

/** The columns of a file: the position of each field, how many cells a row has, and which columns are not imported. */
export type Columns = { positions: Map<Field, number>; count: number; unknown: string[] };

const MAX_SHOWN = 60;

/**
 * @param path of the file, for error messages
 * @throws UsageError when a file with this header cannot be imported
 */
export function readColumns(path: string, header: string[]): Columns {
  const names = header.map((cell) => cell.trim().toLowerCase());
  for (const required of ['url', 'slug']) {
    if (names.includes(required)) continue;
    const shown = header.join(',').slice(0, MAX_SHOWN);
    throw new UsageError(
      `${path} has no column "${required}". Its first line must name the columns, separated by commas. It is "${shown}".`,
    );
  }
  const known = names.filter((name) => (IMPORTED_FIELDS as readonly string[]).includes(name));
  const twice = known.find((name, index) => known.indexOf(name) !== index);
  if (twice) throw new UsageError(`${path} has the column "${twice}" twice. Remove one of them.`);
  const positions = new Map(known.map((name) => [name as Field, names.indexOf(name)]));
  const unknown = names.filter(
    (name) => name !== '' && !known.includes(name) && !IGNORED_COLUMNS.includes(name),
  );
  return { positions, count: header.length, unknown };
}
