import { setTimeout } from 'node:timers/promises';
import { ClientError } from '../lambdas/errors.ts';
import { ApiClient, readKnownLinks, readWorkspace, type Workspace } from './client.ts';
import { ImportStopped, Interrupted, type Io, RowError, type Settings } from './command.ts';
import { type Columns, type CsvFile, type Row, readRows } from './csv-file.ts';
import { acceptRow, Batch, decide, type ImportContext, type Write } from './decide.ts';
import {
  bar,
  figures,
  openReport,
  Progress,
  type Refused,
  type Report,
  RowCounts,
  type RowResult,
  summary,
} from './report.ts';
import type { RowLink } from './row-link.ts';
import { type Saved, Saver } from './save-batch.ts';

/** A file to import, and the settings for it. */
export type Job = { settings: Settings; file: CsvFile; columns: Columns };

type JobParts = {
  client: ApiClient;
  progress: Progress;
  counts: RowCounts;
  report: Report | null;
  stop: AbortSignal;
};

async function readAndWrite({ settings, file, columns }: Job, workspace: Workspace, parts: JobParts) {
  const { client, progress, counts, report, stop } = parts;
  const { knownLinks, highestId } = await readKnownLinks(client, workspace.id, (count) => {
    if (stop.aborted) throw new Interrupted();
    progress.show(() => `Reading existing links: ${count.toLocaleString('en')}`);
  });
  const saver = new Saver(client, workspace.id, highestId);
  const { id: workspaceId, domains } = workspace;
  const run = new Run({
    context: { columns, workspaceId, domains, knownLinks, update: settings.update },
    rows: readRows(file),
    save: settings.dryRun ? null : (writes) => saver.save(writes),
    concurrency: settings.concurrency,
    counts,
    onRefused: (refused) => report?.add(refused),
    onCounted: () => progress.showRows(counts, file),
    stop,
  });
  await run.importRows();
  progress.end(bar(1, counts, file.rows));
}

/** Imports a file. @returns the exit code. @throws UsageError when the report cannot be written */
export async function importLinks(job: Job, { stdout, stderr, stop }: Io): Promise<number> {
  const { settings, file, columns } = job;
  const { origin, key, dryRun } = settings;
  const wait = (ms: number) => setTimeout(ms, undefined, { signal: stop });
  const client = new ApiClient({ origin, key, fetch, wait, nowMs: Date.now });
  const progress = new Progress(stderr);
  const counts = new RowCounts();
  const workspace = await readWorkspace(client);
  const report = settings.report === null ? null : openReport(settings.report, file.path, file.header);
  try {
    await readAndWrite(job, workspace, { client, progress, counts, report, stop });
  } catch (error) {
    progress.clear();
    if (!(error instanceof ImportStopped)) throw error;
    const advice = dryRun ? '' : ' To resume, run the same command again.';
    stderr.write(`${error.message} So far: ${figures(counts)}.${advice}\n`);
    return error instanceof Interrupted ? 130 : 1;
  } finally {
    report?.close();
  }
  stdout.write(`${summary(counts, { dryRun, report: settings.report, unknown: columns.unknown })}\n`);
  return counts.refused > 0 ? 1 : 0;
}

/** What a run works with. `save` is null in a dry run. */
export type RunParts = {
  context: ImportContext;
  rows: AsyncIterable<Row>;
  save: ((writes: Write[]) => Promise<Saved[]>) | null;
  concurrency: number;
  counts: RowCounts;
  onRefused: (refused: Refused) => void;
  /** Called whenever the counts have changed. */
  onCounted: () => void;
  stop: AbortSignal;
};

/** Imports rows in the order of the file, several batches in parallel. */
export class Run {
  readonly #parts: RunParts;
  readonly #pool: TaskPool;
  #batch = new Batch();

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#pool = new TaskPool(parts.concurrency);
  }

  /** @throws ImportStopped when it cannot continue or was interrupted. By then, pending writes are finished */
  async importRows(): Promise<void> {
    try {
      for await (const row of this.#parts.rows) {
        if (this.#parts.stop.aborted) throw new Interrupted();
        await this.#importRow(row);
      }
      await this.#finishWrites();
    } finally {
      await this.#pool.idle();
    }
  }

  async #importRow(row: Row): Promise<void> {
    const link = this.#orRefuse(row, () => acceptRow(this.#parts.context, row));
    if (!link) return;
    const { knownLinks } = this.#parts.context;
    if (knownLinks.get(link)?.state === 'pending') await this.#finishWrites();
    const write = this.#orRefuse(row, () => decide(this.#parts.context, row, link));
    if (write === null) this.#count(row, 'there');
    else if (write) await this.#queue(write);
  }

  /** @returns undefined when the row was refused */
  #orRefuse<T extends RowLink | Write | null>(row: Row, step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof RowError || error instanceof ClientError)) throw error;
      this.#count(row, 'refused', error.message);
      return undefined;
    }
  }

  async #queue(write: Write): Promise<void> {
    const { save, context } = this.#parts;
    const { row, link, id } = write;
    context.knownLinks.setPending(link, row.line);
    if (!save) {
      context.knownLinks.setExisting(id ?? 0, link);
      this.#count(row, id === null ? 'imported' : 'updated');
      return;
    }
    if (!this.#batch.fits(write)) await this.#sendBatch();
    this.#batch.add(write);
  }

  async #sendBatch(): Promise<void> {
    const { writes } = this.#batch;
    const { save } = this.#parts;
    this.#batch = new Batch();
    if (writes.length === 0 || !save) return;
    await this.#pool.start(async () => {
      for (const one of await save(writes)) this.#record(one);
    });
  }

  async #finishWrites(): Promise<void> {
    await this.#sendBatch();
    await this.#pool.idle();
  }

  #record(one: Saved): void {
    const { knownLinks } = this.#parts.context;
    const { row, link } = one.write;
    if (one.result === 'refused') {
      knownLinks.setRefused(link);
      this.#count(row, 'refused', one.reason);
    } else {
      knownLinks.setExisting(one.link.id, one.link);
      this.#count(row, one.result);
    }
  }

  #count(row: Row, result: RowResult, reason?: string): void {
    const { counts, onRefused, onCounted } = this.#parts;
    const sentence = reason === undefined || reason.endsWith('.') ? reason : `${reason}.`;
    if (sentence !== undefined) onRefused({ row, reason: sentence });
    counts.count(row, result, sentence);
    onCounted();
  }
}

/** Runs tasks in parallel, up to a limit. Starting another waits for a free slot, so that none queue up. */
class TaskPool {
  readonly #width: number;
  readonly #busy = new Set<Promise<void>>();
  #error: unknown;

  constructor(width: number) {
    this.#width = width;
  }

  /** Starts a task when a slot is free. @throws what an earlier task threw */
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
