import { readKnownLinks, readWorkspace } from '../../import/client.ts';
import { type CsvFile, readColumns, readRows } from '../../import/csv-file.ts';
import { RowCounts } from '../../import/report.ts';
import { Run } from '../../import/run.ts';
import { Saver } from '../../import/save-batch.ts';
import type { ApiInMemory } from './api-in-memory.ts';
import { withFile } from './csv-text.ts';

type Options = { update?: boolean; dryRun?: boolean; concurrency?: number };

/** Imports a CSV file into an API in memory, and returns the results: figures, and reasons by line. */
export async function importInto(api: ApiInMemory, csv: string, options: Options = {}) {
  const { id, domains } = await readWorkspace(api.client);
  const { knownLinks, highestId } = await readKnownLinks(api.client, id);
  const saver = new Saver(api.client, id, highestId);
  const counts = new RowCounts();
  const reasons: Record<number, string> = {};
  await withFile(csv, async (path) => {
    const header = (csv.split('\n')[0] ?? '').split(',');
    const columns = readColumns(path, header);
    const file: CsvFile = { path, header, rows: 0, bytes: csv.length };
    await new Run({
      context: { columns, workspaceId: id, domains, knownLinks, update: options.update ?? false },
      rows: readRows(file),
      save: options.dryRun ? null : (writes) => saver.save(writes),
      concurrency: options.concurrency ?? 1,
      counts,
      onRefused: ({ row, reason }) => {
        reasons[row.line] = reason;
      },
      onCounted: () => undefined,
      stop: new AbortController().signal,
    }).importRows();
  });
  const { imported, updated, there, refused } = counts;
  return { imported, updated, there, refused, reasons };
}

/** A CSV of links to https://example.com/ with these slugs. */
export function csvOf(slugs: string[], columns = 'url,slug'): string {
  return [columns, ...slugs.map((slug) => `https://example.com/,${slug}`)].join('\n');
}
