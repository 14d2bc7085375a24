import { setTimeout } from 'node:timers/promises';
import { ApiClient } from './client.ts';
import { type Columns, readColumns } from './columns.ts';
import { type CsvFile, openCsv, readRows } from './csv-file.ts';
import { ImportStopped, Interrupted, messageOf, UsageError } from './errors.ts';
import { bar, Progress, type Screen } from './progress.ts';
import { openReport, type Report } from './report.ts';
import { Run } from './run.ts';
import { Saver } from './save-batch.ts';
import { HELP, readSettings, type Settings } from './settings.ts';
import { figures, summary } from './summary.ts';
import { Tally } from './tally.ts';
import { readPlaces, readWorkspace, type Workspace } from './target.ts';

/** What the command is started with. */
export type Surroundings = {
  args: string[];
  env: NodeJS.ProcessEnv;
  stdout: { write: (text: string) => unknown };
  stderr: Screen;
  /** Aborted when the user breaks the import off. */
  stop: AbortSignal;
};

type Job = {
  settings: Settings;
  file: CsvFile;
  columns: Columns;
  client: ApiClient;
  progress: Progress;
  tally: Tally;
  stop: AbortSignal;
};

async function importRows(job: Job, workspace: Workspace, report: Report | null): Promise<void> {
  const { settings, file, columns, client, progress, tally, stop } = job;
  const { places, highestId } = await readPlaces(client, workspace.id, (count) => {
    if (stop.aborted) throw new Interrupted();
    progress.show(() => `Reading the links that are there: ${count.toLocaleString('en')}`);
  });
  const saver = new Saver(client, workspace.id, highestId);
  const run = new Run({
    standard: {
      columns,
      workspaceId: workspace.id,
      domains: workspace.domains,
      places,
      update: settings.update,
    },
    rows: readRows(file),
    save: settings.dryRun ? null : (writes) => saver.save(writes),
    concurrency: settings.concurrency,
    tally,
    report: (refused) => report?.add(refused),
    moved: () => progress.showRows(tally, file),
    stop,
  });
  await run.toTheEnd();
  progress.end(bar(1, tally, file.rows));
}

async function prepare(settings: Settings, { stderr, stop }: Surroundings): Promise<Job> {
  const file = await openCsv(settings.file);
  const client = new ApiClient({
    origin: settings.origin,
    key: settings.key,
    fetch,
    wait: (ms) => setTimeout(ms, undefined, { signal: stop }),
    nowMs: Date.now,
  });
  const columns = readColumns(settings.file, file.header);
  return { settings, file, columns, client, progress: new Progress(stderr), tally: new Tally(), stop };
}

/** The whole import. @returns the exit code */
async function runJob(job: Job, { stdout, stderr }: Surroundings): Promise<number> {
  const { settings, file, columns, client, progress, tally } = job;
  const workspace = await readWorkspace(client);
  const report = settings.report === null ? null : openReport(settings.report, file.path, file.header);
  try {
    await importRows(job, workspace, report);
  } catch (error) {
    progress.clear();
    if (!(error instanceof ImportStopped)) throw error;
    const advice = settings.dryRun ? '' : ' Run the same command again: it goes on where this stopped.';
    stderr.write(`${error.message} So far: ${figures(tally)}.${advice}\n`);
    return error instanceof Interrupted ? 130 : 1;
  } finally {
    report?.close();
  }
  stdout.write(
    `${summary(tally, { dryRun: settings.dryRun, report: settings.report, unknown: columns.unknown })}\n`,
  );
  return tally.refused > 0 ? 1 : 0;
}

/** Runs the command. Never throws: what goes wrong is one sentence on stderr. @returns the exit code */
export async function main(surroundings: Surroundings): Promise<number> {
  const { args, env, stdout, stderr } = surroundings;
  try {
    const settings = readSettings(args, env);
    if (!settings) {
      stdout.write(HELP);
      return 0;
    }
    return await runJob(await prepare(settings, surroundings), surroundings);
  } catch (error) {
    const isKnown = error instanceof UsageError || error instanceof ImportStopped;
    stderr.write(`${isKnown ? error.message : `The import failed: ${messageOf(error)}`}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}
