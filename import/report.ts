import { closeSync, openSync, readSync, realpathSync, rmSync, statSync, writeSync } from 'node:fs';
import { stringify } from 'csv-stringify/sync';
import { type Screen, UsageError } from './command.ts';
import { REPORT_COLUMNS, type Row } from './csv-file.ts';

/** The result of a row. `there`: the link existed with the same values. */
export type RowResult = 'imported' | 'updated' | 'there' | 'refused';

/** A row that was not imported, and why. */
export type Refused = { row: Row; reason: string };

const MAX_SHOWN = 10;

/** Counts the results so far and keeps the first refused rows to show them. */
export class RowCounts {
  imported = 0;
  updated = 0;
  there = 0;
  refused = 0;
  /** The furthest byte of the file that is done. Rows before it may still be pending. */
  endByte = 0;
  readonly shown: Refused[] = [];

  get rows(): number {
    return this.imported + this.updated + this.there + this.refused;
  }

  count(row: Row, result: RowResult, reason = ''): void {
    this[result]++;
    this.endByte = Math.max(this.endByte, row.endByte);
    if (result === 'refused' && this.shown.length < MAX_SHOWN) this.shown.push({ row, reason });
  }
}

const BAR_WIDTH = 24;
const REDRAW_MS = 100;
/** Where no one watches the output, a line is written now and then, for example to a log. */
const LINE_MS = 10_000;

const number = (value: number) => value.toLocaleString('en');

/** `[======>         ]  40 %  row 400 of 1,000, 12 refused` */
export function bar(share: number, counts: RowCounts, rows: number): string {
  const filled = Math.floor(share * BAR_WIDTH);
  const drawn = `${'='.repeat(filled)}${filled < BAR_WIDTH ? '>' : ''}`.padEnd(BAR_WIDTH);
  const percent = String(Math.floor(share * 100)).padStart(3);
  const refused = counts.refused > 0 ? `, ${number(counts.refused)} refused` : '';
  return `[${drawn}] ${percent} %  row ${number(counts.rows)} of ${number(rows)}${refused}`;
}

/** Shows one line that changes in a terminal. Elsewhere it writes a new line every 10 seconds. */
export class Progress {
  readonly #screen: Screen;
  readonly #nowMs: () => number;
  #shownAtMs: number;
  #isDrawn = false;

  constructor(screen: Screen, nowMs: () => number = Date.now) {
    this.#screen = screen;
    this.#nowMs = nowMs;
    // A terminal shows the first state at once. A log only gets lines during long imports.
    this.#shownAtMs = screen.isTTY ? Number.NEGATIVE_INFINITY : nowMs();
  }

  /** Shows a line, unless it was last updated a moment ago. */
  show(line: () => string): void {
    const now = this.#nowMs();
    if (now - this.#shownAtMs < (this.#screen.isTTY ? REDRAW_MS : LINE_MS)) return;
    this.#shownAtMs = now;
    this.#write(line());
  }

  /** Shows how many rows are done. The percentage comes from bytes, because rows differ in size. */
  showRows(counts: RowCounts, file: { rows: number; bytes: number }): void {
    this.show(() => bar(file.bytes === 0 ? 1 : counts.endByte / file.bytes, counts, file.rows));
  }

  /** Shows the last state and leaves it on the screen. */
  end(line: string): void {
    if (!this.#screen.isTTY) return;
    this.#write(line);
    this.#screen.write('\n');
    this.#isDrawn = false;
  }

  /** Removes the line, so that other text can be written. */
  clear(): void {
    if (this.#isDrawn) this.#screen.write('\r\x1b[K');
    this.#isDrawn = false;
  }

  #write(line: string): void {
    if (!this.#screen.isTTY) {
      this.#screen.write(`${line}\n`);
      return;
    }
    // A line that wraps cannot be overwritten.
    this.#screen.write(`\r\x1b[K${line.slice(0, (this.#screen.columns || 80) - 1)}`);
    this.#isDrawn = true;
  }
}

/** The figures of a run in one line. */
export function figures({ imported, updated, there, refused }: RowCounts): string {
  const parts = [
    `${number(imported)} imported`,
    `${number(updated)} updated`,
    `${number(there)} already there`,
    `${number(refused)} refused`,
  ];
  return parts.join(', ');
}

const MAX_REASON = 300;

/** The summary at the end of a run. `report` is the file with the refused rows, if there is one. */
export function summary(
  counts: RowCounts,
  { dryRun, report, unknown }: { dryRun: boolean; report: string | null; unknown: string[] },
): string {
  const lines = [dryRun ? `Dry run: ${figures(counts)}. Nothing was written.` : `${figures(counts)}.`];
  if (unknown.length > 0) lines.push(`Columns that are not imported: ${unknown.join(', ')}.`);
  if (counts.refused === 0) return lines.join('\n');
  lines.push('Refused:');
  const inOrder = [...counts.shown].sort((a, b) => a.row.line - b.row.line);
  for (const { row, reason } of inOrder) lines.push(`  line ${row.line}: ${reason.slice(0, MAX_REASON)}`);
  const more = counts.refused - counts.shown.length;
  if (more > 0) lines.push(`  and ${number(more)} more`);
  lines.push(
    report === null
      ? 'To write all refused rows to a file, name it with --report.'
      : `${report} contains all refused rows with their reasons. Fix the rows there and import that file.`,
  );
  return lines.join('\n');
}

/** A CSV file of refused rows that you can fix and import. */
export type Report = { add: (refused: Refused) => void; close: () => void };

/**
 * Reports begin with the names of their first columns. That is how they are recognised, so that no other file is
 * overwritten or removed.
 */
const BEGINNING = REPORT_COLUMNS.join(',');

/** Escapes as exports do. Cells that are escaped already stay as they are. */
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

/** @throws UsageError when another file exists that is not a report */
function assertOwnFile(path: string, input: string): void {
  if (!statSync(path, { throwIfNoEntry: false })) return;
  if (realpathSync(path) === realpathSync(input)) {
    throw new UsageError(`The report can't be the input file itself. Name another file with --report.`);
  }
  if (statSync(path).isFile() && firstCharacters(path, BEGINNING.length) === BEGINNING) return;
  throw new UsageError(
    `${path} exists and is not a report of refused rows. Name another file with --report, or remove it.`,
  );
}

function open(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`The report ${path} can't be written (${code}). Name another file with --report.`);
  }
}

/**
 * Opens a report and overwrites an older one. Each row is written as soon as it is added. Closing an empty report
 * removes it.
 * @param header of the input
 * @throws UsageError when it cannot be written, or another file exists
 */
export function openReport(path: string, input: string, header: string[]): Report {
  assertOwnFile(path, input);
  const file = open(path);
  // The input may be a corrected report. Its own line numbers and reasons are out of date.
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
