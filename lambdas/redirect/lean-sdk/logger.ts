// Stands for @aws-lambda-powertools/logger in the redirect's bundle. It writes the same lines:
// test/lambdas/redirect/lean-sdk/telemetry.test.ts holds both to each other.

type Extra = Record<string, unknown>;

const LEVELS = { DEBUG: 8, INFO: 12, WARN: 16, ERROR: 20 } as const;
type Level = keyof typeof LEVELS;

/** `/var/task/index.js:12` in `    at send (/var/task/index.js:12:34)`. */
const LOCATION = /\(([^()]*?):(\d+?):\d+?\)\\?$/m;

function locationOf(stack: string | undefined): string {
  const [, file, line] = LOCATION.exec(stack ?? '') ?? [];
  return file === undefined ? '' : `${file}:${line}`;
}

function described(error: Error): Extra {
  const { name, message, stack, cause, ...own } = error;
  const shownCause = cause instanceof Error ? described(cause) : cause;
  return { name, location: locationOf(stack), message, stack, cause: shownCause, ...own };
}

/** Errors as objects and big integers as text, which JSON has none of. */
function shown(_key: string, value: unknown): unknown {
  if (value instanceof Error) return described(value);
  if (typeof value === 'bigint') return String(value);
  return value;
}

const traceId = () => /Root=([^;]+)/.exec(process.env._X_AMZN_TRACE_ID ?? '')?.[1];

/** Writes structured log lines of this function instance. */
export class Logger {
  private readonly service: string;
  private readonly least: number;
  private readonly keys: Extra = {};

  constructor({ serviceName }: { serviceName: string }) {
    this.service = serviceName;
    const level = process.env.AWS_LAMBDA_LOG_LEVEL ?? process.env.POWERTOOLS_LOG_LEVEL ?? 'INFO';
    this.least = LEVELS[level.toUpperCase() as Level] ?? LEVELS.INFO;
  }

  /** Adds keys to every later line. An undefined one changes nothing, as in the library. */
  appendKeys(keys: Extra): void {
    for (const key in keys) this.keys[key] = keys[key] ?? this.keys[key];
  }

  error(message: string, extra?: Extra): void {
    this.write('ERROR', process.stderr, message, extra);
  }

  warn(message: string, extra?: Extra): void {
    this.write('WARN', process.stderr, message, extra);
  }

  info(message: string, extra?: Extra): void {
    this.write('INFO', process.stdout, message, extra);
  }

  private write(level: Level, stream: NodeJS.WriteStream, message: string, extra: Extra = {}): void {
    if (LEVELS[level] < this.least) return;
    const line: Extra = {
      level,
      message,
      timestamp: new Date().toISOString(),
      service: this.service,
      sampling_rate: 0,
      xray_trace_id: traceId(),
    };
    // A key that is undefined takes no place in the line, which the line's own key of that name may have.
    for (const key in this.keys) if (this.keys[key] !== undefined) line[key] = this.keys[key];
    Object.assign(line, extra);
    for (const key in line) if (line[key] === '' || line[key] === null) delete line[key];
    stream.write(`${JSON.stringify(line, shown)}\n`);
  }
}
