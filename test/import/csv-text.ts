import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CsvFile, openCsv, type Row, readRows } from '../../import/csv-file.ts';

/** Runs something with a temporary file of this content. */
export async function withFile<T>(content: string | Buffer, use: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'clickhook-import-'));
  try {
    const path = join(folder, 'links.csv');
    await writeFile(path, content);
    return await use(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The file and all of its rows. */
export function readCsv(content: string | Buffer): Promise<{ file: CsvFile; rows: Row[] }> {
  return withFile(content, async (path) => {
    const file = await openCsv(path);
    const rows: Row[] = [];
    for await (const row of readRows(file)) rows.push(row);
    return { file, rows };
  });
}
