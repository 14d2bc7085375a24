/** Something the person at the keyboard can fix: its message is one sentence, shown without a stack trace. */
export class StackError extends Error {
  override name = 'StackError';
}

/** The message of anything thrown, on one line. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : String(error);
  return message.replaceAll(/\s*\n\s*/g, ' ');
}
