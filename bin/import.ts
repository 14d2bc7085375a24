import { HELP, ImportStopped, messageOf, readSettings, UsageError } from '../import/command.ts';

const stop = new AbortController();
let stoppedAtMs = 0;
/**
 * npm forwards the Ctrl-C that the terminal has already sent to both processes. Only a later one means "stop at once".
 */
const SAME_SIGNAL_MS = 1_000;

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted && Date.now() - stoppedAtMs > SAME_SIGNAL_MS) process.exit(130);
    if (stop.signal.aborted) return;
    stoppedAtMs = Date.now();
    stop.abort();
  });
}

/** Runs the command. @returns the exit code */
async function main(): Promise<number> {
  const { stdout, stderr } = process;
  const settings = readSettings(process.argv.slice(2), process.env);
  if (!settings) {
    stdout.write(HELP);
    return 0;
  }
  // Each step loads only what it needs, so that help and usage errors appear at once.
  const { openCsv, readColumns } = await import('../import/csv-file.ts');
  const file = await openCsv(settings.file);
  const columns = readColumns(file.path, file.header);
  const { importLinks } = await import('../import/run.ts');
  return importLinks({ settings, file, columns }, { stdout, stderr, stop: stop.signal });
}

process.exitCode = await main().catch((error: unknown) => {
  const isKnown = error instanceof UsageError || error instanceof ImportStopped;
  process.stderr.write(`${isKnown ? error.message : `The import failed: ${messageOf(error)}`}\n`);
  return error instanceof UsageError ? 2 : 1;
});
