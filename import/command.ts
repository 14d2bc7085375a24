import { parseArgs } from 'node:util';

/** What the user can fix before anything is done: an option, a setting, the file. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The import can't go on. What is done stays done, and running it again goes on. Exit code 1. */
export class ImportStopped extends Error {
  override readonly name: string = 'ImportStopped';
}

/** The user broke the import off. Exit code 130, as shells expect. */
export class Interrupted extends ImportStopped {
  override readonly name = 'Interrupted';

  constructor() {
    super('The import was interrupted.');
  }
}

/** The sentence of whatever was thrown, with the code that the system gave for it. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  return cause?.code ?? cause?.message ?? error.message;
}

/** A row that is not imported. The message says why, and what to change. */
export class RowError extends Error {
  override readonly name = 'RowError';
}

export const HELP = `Imports links from a CSV file into a Clickhook, by its REST API.

  npm run import -- links.csv [options]

  --dry-run        says what would happen and writes nothing
  --update         overwrites links that are there with other values
  --report FILE    where refused rows go, default: the name of the input with .refused.csv
  --concurrency N  calls at once, 1 to 16, default 4
  --help           shows this

Settings, by environment variables:

  CLICKHOOK_URL      where the Clickhook is, default http://localhost:3000
  CLICKHOOK_API_KEY  key of the workspace, default ck_local for a Clickhook on this machine

Running it again changes nothing that is there, and goes on where it was broken off. More: docs/import.md
`;

/** Where progress is shown: stderr, so that stdout holds the summary alone. */
export type Screen = { isTTY?: boolean; columns?: number; write: (text: string) => unknown };

/** Where the command writes, and what ends it. */
export type Io = {
  stdout: { write: (text: string) => unknown };
  stderr: Screen;
  /** Aborted when the user breaks the import off. */
  stop: AbortSignal;
};

/** What one run of the import is asked for. */
export type Settings = {
  file: string;
  dryRun: boolean;
  update: boolean;
  /** Null: no report is written. */
  report: string | null;
  concurrency: number;
  /** Origin of the Clickhook, without a trailing slash. */
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
    throw new UsageError(`${sentence}: see npm run import -- --help`);
  }
}

function readConcurrency(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= MAX_CONCURRENCY) return value;
  throw new UsageError(`--concurrency must be a whole number from 1 to ${MAX_CONCURRENCY}, not "${text}"`);
}

/** The API's own path may be part of what people copy as the address. */
function readOrigin(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOrigin =
    (url?.protocol === 'http:' || url?.protocol === 'https:') &&
    /^\/(api\/v1\/?)?$/.test(url.pathname) &&
    url.search + url.hash + url.username + url.password === '';
  if (url && isOrigin) return url;
  throw new UsageError(
    'CLICKHOOK_URL must be the address of a Clickhook without a path, such as https://links.example.com',
  );
}

const isThisMachine = ({ hostname }: URL) => /^((.+\.)?localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

function readKey(origin: URL, key: string | undefined): string {
  if (!key && !isThisMachine(origin)) {
    throw new UsageError(
      `CLICKHOOK_API_KEY is not set: set it to a key of the workspace on ${origin.host} that the links are for`,
    );
  }
  // Anything else can't be sent in a header.
  if (key && !/^[\x21-\x7e]+$/.test(key)) {
    throw new UsageError('CLICKHOOK_API_KEY must be the key alone, without blanks and line breaks');
  }
  return key || 'ck_local';
}

/**
 * @returns null when help was asked for
 * @throws UsageError with the option or the variable that has to change
 */
export function readSettings(args: string[], env: NodeJS.ProcessEnv): Settings | null {
  const { values, positionals } = parse(args);
  if (values.help) return null;
  const [file, ...more] = positionals;
  if (!file) throw new UsageError('Name the file to import: npm run import -- links.csv');
  if (more.length > 0) throw new UsageError(`Name one file at a time, not ${positionals.join(' and ')}`);
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
