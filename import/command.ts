import { parseArgs } from 'node:util';

/** A mistake that the user can correct before anything is written: an option, a setting, the file. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The import cannot continue. What is written stays written, and the next run continues from there. Exit code 1. */
export class ImportStopped extends Error {
  override readonly name: string = 'ImportStopped';
}

/** The user interrupted the import. Exit code 130, as shells expect. */
export class Interrupted extends ImportStopped {
  override readonly name = 'Interrupted';

  constructor() {
    super('The import was interrupted.');
  }
}

/** The message of any error, with the code of the system's error if there is one. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  return cause?.code ?? cause?.message ?? error.message;
}

/** A row that is not imported. The message says why, and what to change. */
export class RowError extends Error {
  override readonly name = 'RowError';
}

export const HELP = `Imports links from a CSV file into Clickhook through its REST API.

  npm run import -- links.csv [options]

  --dry-run        shows what would happen, without writing anything
  --update         overwrites existing links that have other values
  --report FILE    file for refused rows (default: the name of the input with .refused.csv)
  --concurrency N  number of parallel calls, 1 to 16 (default: 4)
  --help           shows this help

Environment variables:

  CLICKHOOK_URL      address of Clickhook (default: http://localhost:3000)
  CLICKHOOK_API_KEY  API key of the workspace (default on this machine: ck_local)

To resume an interrupted import, run the same command again. For details, see docs/import.md.
`;

/** The stream for progress. It is stderr, so that stdout contains only the summary. */
export type Screen = { isTTY?: boolean; columns?: number; write: (text: string) => unknown };

/** The output streams of the command, and the signal that stops it. */
export type Io = {
  stdout: { write: (text: string) => unknown };
  stderr: Screen;
  /** Aborted when the user interrupts the import. */
  stop: AbortSignal;
};

/** The options of one run. */
export type Settings = {
  file: string;
  dryRun: boolean;
  update: boolean;
  /** Null means that no report is written. */
  report: string | null;
  concurrency: number;
  /** The origin of Clickhook, without a trailing slash. */
  origin: string;
  key: string;
};

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  'dry-run': { type: 'boolean' },
  update: { type: 'boolean' },
  report: { type: 'string' },
  concurrency: { type: 'string' },
} as const;

const MAX_CONCURRENCY = 16;
const DEFAULT_CONCURRENCY = '4';

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const [sentence] = (error as Error).message.split('. ');
    throw new UsageError(`${sentence}. Run npm run import -- --help for the options.`);
  }
}

function readConcurrency(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= MAX_CONCURRENCY) return value;
  throw new UsageError(`--concurrency must be a whole number from 1 to ${MAX_CONCURRENCY}, not "${text}".`);
}

/** People may copy the path of the API as part of the address. */
function readOrigin(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOrigin =
    (url?.protocol === 'http:' || url?.protocol === 'https:') &&
    /^\/(api\/v1\/?)?$/.test(url.pathname) &&
    url.search + url.hash + url.username + url.password === '';
  if (url && isOrigin) return url;
  throw new UsageError(
    'CLICKHOOK_URL must be the address of Clickhook without a path, such as https://links.example.com.',
  );
}

const isThisMachine = ({ hostname }: URL) => /^((.+\.)?localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

function readKey(origin: URL, key: string | undefined): string {
  if (!key && !isThisMachine(origin)) {
    throw new UsageError(
      `CLICKHOOK_API_KEY is not set. Set it to an API key of the workspace on ${origin.host} that receives the links.`,
    );
  }
  // Other characters cannot be sent in a header.
  if (key && !/^[\x21-\x7e]+$/.test(key)) {
    throw new UsageError('CLICKHOOK_API_KEY must contain only the key, without spaces and line breaks.');
  }
  return key || 'ck_local';
}

/**
 * @returns null when help was requested
 * @throws UsageError that names the option or the variable to change
 */
export function readSettings(args: string[], env: NodeJS.ProcessEnv): Settings | null {
  const { values, positionals } = parse(args);
  if (values.help) return null;
  const [file, ...more] = positionals;
  if (!file)
    throw new UsageError(
      'The file to import is missing. Run npm run import -- links.csv with the name of your file.',
    );
  if (more.length > 0)
    throw new UsageError(`You can import only one file at a time, not ${positionals.join(' and ')}.`);
  const origin = readOrigin(env.CLICKHOOK_URL || 'http://localhost:3000');
  const dryRun = values['dry-run'] ?? false;
  return {
    file,
    dryRun,
    update: values.update ?? false,
    report: values.report ?? (dryRun ? null : `${file.replace(/\.csv$/i, '')}.refused.csv`),
    concurrency: readConcurrency(values.concurrency ?? DEFAULT_CONCURRENCY),
    origin: origin.origin,
    key: readKey(origin, env.CLICKHOOK_API_KEY),
  };
}
