import { ClientError } from '../lambdas/errors.ts';
import { Batch } from './batch.ts';
import type { Row } from './csv-file.ts';
import { acceptRow, decide, type Standard, type Write } from './decide.ts';
import { Interrupted } from './errors.ts';
import { Lanes } from './lanes.ts';
import { Refusal } from './refusal.ts';
import type { RowLink } from './row-link.ts';
import type { Saved } from './save-batch.ts';
import type { Refused, Tally } from './tally.ts';

/** What a run works with. `save` is null in a dry run. */
export type RunParts = {
  standard: Standard;
  rows: AsyncIterable<Row>;
  save: ((writes: Write[]) => Promise<Saved[]>) | null;
  concurrency: number;
  tally: Tally;
  report: (refused: Refused) => void;
  /** Called after whatever changed the tally. */
  moved: () => void;
  stop: AbortSignal;
};

/** Imports rows in the order of the file, several batches at once. */
export class Run {
  readonly #parts: RunParts;
  readonly #lanes: Lanes;
  #batch = new Batch();

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#lanes = new Lanes(parts.concurrency);
  }

  /** @throws ImportStopped when it can't go on, or was interrupted; what is under way is done by then */
  async toTheEnd(): Promise<void> {
    try {
      for await (const row of this.#parts.rows) {
        if (this.#parts.stop.aborted) throw new Interrupted();
        await this.#take(row);
      }
      await this.#settle();
    } finally {
      await this.#lanes.idle();
    }
  }

  async #take(row: Row): Promise<void> {
    const link = this.#attempt(row, () => acceptRow(this.#parts.standard, row));
    if (!link) return;
    const { places } = this.#parts.standard;
    if (places.get(link)?.state === 'pending') await this.#settle();
    const write = this.#attempt(row, () => decide(this.#parts.standard, row, link));
    if (write === null) this.#count(row, 'there');
    else if (write) await this.#plan(write);
  }

  /** @returns undefined when the row was refused */
  #attempt<T extends RowLink | Write | null>(row: Row, step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof ClientError)) throw error;
      this.#count(row, 'refused', error.message);
      return undefined;
    }
  }

  async #plan(write: Write): Promise<void> {
    const { save, standard } = this.#parts;
    const { row, link, id } = write;
    standard.places.setPending(link, row.line);
    if (!save) {
      standard.places.setThere(id ?? 0, link);
      this.#count(row, id === null ? 'imported' : 'updated');
      return;
    }
    if (!this.#batch.fits(write)) await this.#flush();
    this.#batch.add(write);
  }

  async #flush(): Promise<void> {
    const { writes } = this.#batch;
    const { save } = this.#parts;
    this.#batch = new Batch();
    if (writes.length === 0 || !save) return;
    await this.#lanes.start(async () => {
      for (const one of await save(writes)) this.#saved(one);
    });
  }

  async #settle(): Promise<void> {
    await this.#flush();
    await this.#lanes.idle();
  }

  #saved(one: Saved): void {
    const { places } = this.#parts.standard;
    const { row, link } = one.write;
    if (one.result === 'refused') {
      places.setRefused(link);
      this.#count(row, 'refused', one.reason);
    } else {
      places.setThere(one.link.id, one.link);
      this.#count(row, one.result);
    }
  }

  #count(row: Row, result: 'imported' | 'updated' | 'there' | 'refused', reason?: string): void {
    const { tally, report, moved } = this.#parts;
    if (reason !== undefined) report({ row, reason });
    tally.count(row, result, reason);
    moved();
  }
}
