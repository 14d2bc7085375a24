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
