import type { Tally } from './tally.ts';

/** Where progress is shown: stderr, so that stdout holds the summary alone. */
export type Screen = { isTTY?: boolean; columns?: number; write: (text: string) => unknown };

const BAR_WIDTH = 24;
const REDRAW_MS = 100;
/** Where nobody watches, a line now and then goes into a log. */
const LINE_MS = 10_000;

const number = (value: number) => value.toLocaleString('en');

/** `[======>         ]  40 %  row 400 of 1,000, 12 refused` */
export function bar(share: number, tally: Tally, rows: number): string {
  const filled = Math.floor(share * BAR_WIDTH);
  const drawn = `${'='.repeat(filled)}${filled < BAR_WIDTH ? '>' : ''}`.padEnd(BAR_WIDTH);
  const percent = String(Math.floor(share * 100)).padStart(3);
  const refused = tally.refused > 0 ? `, ${number(tally.refused)} refused` : '';
  return `[${drawn}] ${percent} %  row ${number(tally.rows)} of ${number(rows)}${refused}`;
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
  showRows(tally: Tally, file: { rows: number; bytes: number }): void {
    this.show(() => bar(file.bytes === 0 ? 1 : tally.endByte / file.bytes, tally, file.rows));
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
