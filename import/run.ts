import { ClientError } from '../lambdas/errors.ts';
import type { Refused, Row } from './csv-file.ts';
import { acceptRow, Batch, decide, type ImportContext, type Write } from './decide.ts';
import { Interrupted, RowError } from './errors.ts';
import type { RowCounts } from './progress.ts';
import type { RowLink } from './row-link.ts';
import type { Saved } from './save-batch.ts';

/** What a run works with. `save` is null in a dry run. */
export type RunParts = {
  context: ImportContext;
  rows: AsyncIterable<Row>;
  save: ((writes: Write[]) => Promise<Saved[]>) | null;
  concurrency: number;
  counts: RowCounts;
  report: (refused: Refused) => void;
  /** Called after whatever changed the counts. */
  moved: () => void;
  stop: AbortSignal;
};

/** Imports rows in the order of the file, several batches at once. */
export class Run {
  readonly #parts: RunParts;
  readonly #pool: TaskPool;
  #batch = new Batch();

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#pool = new TaskPool(parts.concurrency);
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
      await this.#pool.idle();
    }
  }

  async #take(row: Row): Promise<void> {
    const link = this.#attempt(row, () => acceptRow(this.#parts.context, row));
    if (!link) return;
    const { knownLinks } = this.#parts.context;
    if (knownLinks.get(link)?.state === 'pending') await this.#settle();
    const write = this.#attempt(row, () => decide(this.#parts.context, row, link));
    if (write === null) this.#count(row, 'there');
    else if (write) await this.#plan(write);
  }

  /** @returns undefined when the row was refused */
  #attempt<T extends RowLink | Write | null>(row: Row, step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof RowError || error instanceof ClientError)) throw error;
      this.#count(row, 'refused', error.message);
      return undefined;
    }
  }

  async #plan(write: Write): Promise<void> {
    const { save, context } = this.#parts;
    const { row, link, id } = write;
    context.knownLinks.setPending(link, row.line);
    if (!save) {
      context.knownLinks.setThere(id ?? 0, link);
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
    await this.#pool.start(async () => {
      for (const one of await save(writes)) this.#saved(one);
    });
  }

  async #settle(): Promise<void> {
    await this.#flush();
    await this.#pool.idle();
  }

  #saved(one: Saved): void {
    const { knownLinks } = this.#parts.context;
    const { row, link } = one.write;
    if (one.result === 'refused') {
      knownLinks.setRefused(link);
      this.#count(row, 'refused', one.reason);
    } else {
      knownLinks.setThere(one.link.id, one.link);
      this.#count(row, one.result);
    }
  }

  #count(row: Row, result: 'imported' | 'updated' | 'there' | 'refused', reason?: string): void {
    const { counts, report, moved } = this.#parts;
    if (reason !== undefined) report({ row, reason });
    counts.count(row, result, reason);
    moved();
  }
}

/** Runs so many tasks at once. Whoever starts one more waits for a free slot, so that nothing piles up. */
export class TaskPool {
  readonly #width: number;
  readonly #busy = new Set<Promise<void>>();
  #error: unknown;

  constructor(width: number) {
    this.#width = width;
  }

  /** Starts a task when there is room. @throws what an earlier task threw */
  async start(task: () => Promise<void>): Promise<void> {
    while (this.#busy.size >= this.#width) await Promise.race(this.#busy);
    this.#throwError();
    const running = task()
      .catch((error: unknown) => {
        this.#error ??= error;
      })
      .finally(() => this.#busy.delete(running));
    this.#busy.add(running);
  }

  /** Waits until nothing runs. @throws what a task threw */
  async idle(): Promise<void> {
    await Promise.all(this.#busy);
    this.#throwError();
  }

  #throwError(): void {
    if (this.#error !== undefined) throw this.#error;
  }
}
