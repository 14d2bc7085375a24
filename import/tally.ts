import type { Row } from './csv-file.ts';

/** A row that was not imported, and why. */
export type Refused = { row: Row; reason: string };

const MAX_SHOWN = 10;

/** What became of the rows so far. Keeps the first refused ones to show. */
export class Tally {
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
