import type { Refused, Row } from './csv-file.ts';
import type { Screen } from './settings.ts';

const MAX_SHOWN = 10;

/** What became of the rows so far. Keeps the first refused ones to show. */
export class RowCounts {
  imported = 0;
  updated = 0;
  there = 0;
  refused = 0;
  /** How far into the file rows are done: others may still be under way before it. */
  endByte = 0;
  readonly shown: Refused[] = [];

  get rows(): number {
    return this.imported + this.updated + this.there + this.refused;
  }

  count(row: Row, result: 'imported' | 'updated' | 'there' | 'refused', reason = ''): void {
    this[result]++;
    this.endByte = Math.max(this.endByte, row.endByte);
    if (result === 'refused' && this.shown.length < MAX_SHOWN) this.shown.push({ row, reason });
  }
}

const BAR_WIDTH = 24;
const REDRAW_MS = 100;
/** Where nobody watches, a line now and then goes into a log. */
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

/** Shows one line that changes in a terminal, and elsewhere a new line every 10 seconds. */
export class Progress {
  readonly #screen: Screen;
  readonly #nowMs: () => number;
  #shownAtMs: number;
  #isDrawn = false;

  constructor(screen: Screen, nowMs: () => number = Date.now) {
    this.#screen = screen;
    this.#nowMs = nowMs;
    // A terminal shows the first state at once; a log hears of imports that take long.
    this.#shownAtMs = screen.isTTY ? Number.NEGATIVE_INFINITY : nowMs();
  }

  /** Shows a line, unless one was shown a moment ago. */
  show(line: () => string): void {
    const now = this.#nowMs();
    if (now - this.#shownAtMs < (this.#screen.isTTY ? REDRAW_MS : LINE_MS)) return;
    this.#shownAtMs = now;
    this.#write(line());
  }

  /** Shows how far rows are. Bytes give the share: rows differ in size. */
  showRows(counts: RowCounts, file: { rows: number; bytes: number }): void {
    this.show(() => bar(file.bytes === 0 ? 1 : counts.endByte / file.bytes, counts, file.rows));
  }

  /** Shows the last state and leaves it there. */
  end(line: string): void {
    if (!this.#screen.isTTY) return;
    this.#write(line);
    this.#screen.write('\n');
    this.#isDrawn = false;
  }

  /** Takes the line away, for whatever else has to be said. */
  clear(): void {
    if (this.#isDrawn) this.#screen.write('\r\x1b[K');
    this.#isDrawn = false;
  }

  #write(line: string): void {
    if (!this.#screen.isTTY) {
      this.#screen.write(`${line}\n`);
      return;
    }
    // A line that wraps could not be drawn over.
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

/** What a run says at its end. `report`: the file with the refused rows, if there is one. */
export function summary(
  counts: RowCounts,
  { dryRun, report, unknown }: { dryRun: boolean; report: string | null; unknown: string[] },
): string {
  const lines = [dryRun ? `Would be: ${figures(counts)}. Nothing was written.` : `${figures(counts)}.`];
  if (unknown.length > 0) lines.push(`Columns that are not imported: ${unknown.join(', ')}.`);
  if (counts.refused === 0) return lines.join('\n');
  lines.push('Refused:');
  const inOrder = [...counts.shown].sort((a, b) => a.row.line - b.row.line);
  for (const { row, reason } of inOrder) lines.push(`  line ${row.line}: ${reason.slice(0, MAX_REASON)}`);
  const more = counts.refused - counts.shown.length;
  if (more > 0) lines.push(`  and ${number(more)} more`);
  lines.push(
    report === null
      ? 'To have all of them in a file, name one with --report.'
      : `All refused rows, with reasons: ${report}. Mend them there and import that file.`,
  );
  return lines.join('\n');
}
