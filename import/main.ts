import { ImportStopped, messageOf, UsageError } from './errors.ts';
import { HELP, type Io, readSettings } from './settings.ts';

/** Runs the command. Never throws: what goes wrong is one sentence on stderr. @returns the exit code */
export async function main(io: Io): Promise<number> {
  const { args, env, stdout, stderr } = io;
  try {
    const settings = readSettings(args, env);
    if (!settings) {
      stdout.write(HELP);
      return 0;
    }
    // Loaded only now, so that help and usage errors appear at once.
    const { importLinks } = await import('./import-links.ts');
    return await importLinks(settings, io);
  } catch (error) {
    const isKnown = error instanceof UsageError || error instanceof ImportStopped;
    stderr.write(`${isKnown ? error.message : `The import failed: ${messageOf(error)}`}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}
