import { appendFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';

/** One row of the table that the suite prints. */
export type Row = { title: string; expected: string; seen: string };

/** The variable that names the file of the rows. Jest's global set-up creates the file. */
export const ROWS_FILE = 'CLICKHOOK_FAULT_ROWS';

async function record(row: Row): Promise<void> {
  const file = process.env[ROWS_FILE];
  if (file) await appendFile(file, `${JSON.stringify(row)}\n`);
}

/**
 * A test that is a row of the table. `run` returns what happened. A text must be exactly the expected one. Measurements
 * come with their own verdict.
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

/** Milliseconds in the format of the table: `4.98 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
