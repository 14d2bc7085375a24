import { appendFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';

/** One row of the table that the suite prints. */
export type Row = { title: string; expected: string; seen: string };

/** Variable that names the file the rows go to; jest's global set-up makes it. */
export const ROWS_FILE = 'CLICKHOOK_FAULT_ROWS';

async function record(row: Row): Promise<void> {
  const file = process.env[ROWS_FILE];
  if (file) await appendFile(file, `${JSON.stringify(row)}\n`);
}

/**
 * A test that is a row of the table: `run` gives what was seen, which has to be what was expected, word for
 * word, when it is a text; measured things come with a verdict of their own.
 */
export function fault(
  title: string,
  expected: string,
  run: () => Promise<string | { seen: string; good: boolean }>,
): void {
  test(title, async () => {
    let row: Row = { title, expected, seen: 'the test did not get that far' };
    try {
      const result = await run();
      const { seen, good } =
        typeof result === 'string' ? { seen: result, good: result === expected } : result;
      row = { title, expected, seen };
      expect({ seen, good }).toEqual({ seen, good: true });
    } catch (error) {
      const [reason = ''] = String((error as Error).message).split('\n');
      if (row.seen === 'the test did not get that far') row = { ...row, seen: `error: ${reason}` };
      throw error;
    } finally {
      await record(row);
    }
  });
}

/** Milliseconds as a table has them: `4.98 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
