import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import globalSetup from '../global-setup.ts';

/** Does what all suites need, and makes the file that the rows of the table go to. */
export default async function startTable(): Promise<void> {
  await globalSetup();
  const folder = await mkdtemp(join(tmpdir(), 'clickhook-faults-'));
  process.env.CLICKHOOK_FAULT_ROWS = join(folder, 'rows.jsonl');
}
