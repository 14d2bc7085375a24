import { setTimeout } from 'node:timers/promises';
import { ApiClient, readKnownLinks, readWorkspace, type Workspace } from './client.ts';
import { type CsvFile, openCsv, openReport, type Report, readRows } from './csv-file.ts';
import { ImportStopped, Interrupted } from './errors.ts';
import { bar, figures, Progress, RowCounts, summary } from './progress.ts';
import { type Columns, readColumns } from './row-link.ts';
import { Run } from './run.ts';
import { Saver } from './save-batch.ts';
import type { Io, Settings } from './settings.ts';

type Job = {
  settings: Settings;
  file: CsvFile;
  columns: Columns;
  client: ApiClient;
  progress: Progress;
  counts: RowCounts;
  stop: AbortSignal;
};

async function importRows(job: Job, workspace: Workspace, report: Report | null): Promise<void> {
  const { settings, file, columns, client, progress, counts, stop } = job;
  const { knownLinks, highestId } = await readKnownLinks(client, workspace.id, (count) => {
    if (stop.aborted) throw new Interrupted();
    progress.show(() => `Reading the links that are there: ${count.toLocaleString('en')}`);
  });
  const saver = new Saver(client, workspace.id, highestId);
  const run = new Run({
    context: {
      columns,
      workspaceId: workspace.id,
      domains: workspace.domains,
      knownLinks,
      update: settings.update,
    },
    rows: readRows(file),
    save: settings.dryRun ? null : (writes) => saver.save(writes),
    concurrency: settings.concurrency,
    counts,
    report: (refused) => report?.add(refused),
    moved: () => progress.showRows(counts, file),
    stop,
  });
  await run.toTheEnd();
  progress.end(bar(1, counts, file.rows));
}

async function prepare(settings: Settings, { stderr, stop }: Io): Promise<Job> {
  const file = await openCsv(settings.file);
  const client = new ApiClient({
    origin: settings.origin,
    key: settings.key,
    fetch,
    wait: (ms) => setTimeout(ms, undefined, { signal: stop }),
    nowMs: Date.now,
  });
  const columns = readColumns(settings.file, file.header);
  return { settings, file, columns, client, progress: new Progress(stderr), counts: new RowCounts(), stop };
}

/** Imports what the settings name. @returns the exit code. @throws UsageError when the file or the report is at fault */
export async function importLinks(settings: Settings, io: Io): Promise<number> {
  const job = await prepare(settings, io);
  const { stdout, stderr } = io;
  const { file, columns, client, progress, counts } = job;
  const workspace = await readWorkspace(client);
  const report = settings.report === null ? null : openReport(settings.report, file.path, file.header);
  try {
    await importRows(job, workspace, report);
  } catch (error) {
    progress.clear();
    if (!(error instanceof ImportStopped)) throw error;
    const advice = settings.dryRun ? '' : ' Run the same command again: it goes on where this stopped.';
    stderr.write(`${error.message} So far: ${figures(counts)}.${advice}\n`);
    return error instanceof Interrupted ? 130 : 1;
  } finally {
    report?.close();
  }
  stdout.write(
    `${summary(counts, { dryRun: settings.dryRun, report: settings.report, unknown: columns.unknown })}\n`,
  );
  return counts.refused > 0 ? 1 : 0;
}
