/** A problem that the user can fix. Its message is shown without a stack trace. */
export class StackError extends Error {
  override name = 'StackError';
}

/** The message of any error, on one line. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : String(error);
  return message.replaceAll(/\s*\n\s*/g, ' ');
}
