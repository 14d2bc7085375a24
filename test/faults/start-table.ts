import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import globalSetup from '../global-setup.ts';

/** Runs the set-up of all suites, and creates the file for the rows of the table. */
export default async function startTable(): Promise<void> {
  await globalSetup();
  const folder = await mkdtemp(join(tmpdir(), 'clickhook-faults-'));
  process.env.CLICKHOOK_FAULT_ROWS = join(folder, 'rows.jsonl');
}
