import { closeSync, openSync, readSync, realpathSync, rmSync, statSync, writeSync } from 'node:fs';
import { stringify } from 'csv-stringify/sync';
import { REPORT_COLUMNS } from './columns.ts';
import { UsageError } from './errors.ts';
import type { Refused } from './tally.ts';

/** A CSV of refused rows that you can fix and import. */
export type Report = { add: (refused: Refused) => void; close: () => void };

/** Reports begin with the names of their first columns, so that no other file is overwritten or removed. */
const BEGINNING = REPORT_COLUMNS.join(',');

/** Escapes as exports do; cells that are escaped already stay as they are. */
const csvLine = (cells: string[]) => stringify([cells], { escape_formulas: true });

function firstCharacters(path: string, count: number): string {
  const file = openSync(path, 'r');
  const bytes = Buffer.alloc(count);
  try {
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, count, 0));
  } finally {
    closeSync(file);
  }
}

/** @throws UsageError when something else than an older report is there */
function assertOwnFile(path: string, input: string): void {
  if (!statSync(path, { throwIfNoEntry: false })) return;
  if (realpathSync(path) === realpathSync(input)) {
    throw new UsageError(`The report can't be the input itself: name another file with --report`);
  }
  if (statSync(path).isFile() && firstCharacters(path, BEGINNING.length) === BEGINNING) return;
  throw new UsageError(
    `${path} is there and is no report of refused rows: name another file with --report, or remove it`,
  );
}

function open(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`The report ${path} can't be written (${code}): name another file with --report`);
  }
}

/**
 * Opens a report in the place of an older one. Rows are in it as soon as they are added; closing removes it when
 * there are none.
 * @param header of the input
 * @throws UsageError when it can't be written, or another file is there
 */
export function openReport(path: string, input: string, header: string[]): Report {
  assertOwnFile(path, input);
  const file = open(path);
  // The input may be a fixed report: its own line numbers and reasons are of the past.
  const isOld = header.map((name) => REPORT_COLUMNS.includes(name.trim().toLowerCase()));
  const kept = (cells: string[]) => cells.filter((_, index) => !isOld[index]);
  writeSync(file, csvLine([...REPORT_COLUMNS, ...kept(header)]));
  let rows = 0;
  return {
    add: ({ row, reason }) => {
      rows++;
      writeSync(file, csvLine([String(row.line), reason, ...kept(row.cells)]));
    },
    close: () => {
      closeSync(file);
      if (rows === 0) rmSync(path);
    },
  };
}
