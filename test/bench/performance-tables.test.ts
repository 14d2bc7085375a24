import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { growthPicture } from '../../bench/growth-picture.ts';
import {
  allFigures,
  performanceTables,
  type ReportedGroup,
  type Reports,
} from '../../bench/performance-tables.ts';
import { resultFile } from '../../bench/report.ts';
import { withTables } from '../../bench/tables.ts';

const GROUPS: ReportedGroup[] = ['cold', 'runtime', 'warm', 'deliver', 'reports', 'local', 'cost', 'growth'];

async function committedReports(): Promise<Reports> {
  const reports = GROUPS.map(async (group) => [group, JSON.parse(await readFile(resultFile(group), 'utf8'))]);
  return Object.fromEntries(await Promise.all(reports));
}

const GENERATED: [file: string, generate: (before: string, reports: Reports) => string][] = [
  ['docs/performance.md', (before, reports) => withTables(before, performanceTables(reports))],
  ['bench/README.md', (before, reports) => withTables(before, { figures: allFigures(reports) })],
  ['docs/images/growth.svg', (_before, { growth }) => growthPicture(growth.figures)],
];

// The benchmarks write bench/results with --save, and UPDATE_DOCS=1 writes the tables and the picture from it.
test.each(GENERATED)('%s has what bench/results gives', async (file, generate) => {
  const path = new URL(`../../${file}`, import.meta.url);
  const before = await readFile(path, 'utf8').catch(() => '');
  const updated = generate(before, await committedReports());
  if (process.env.UPDATE_DOCS) await writeFile(path, updated);
  else expect(before).toBe(updated);
});

test('a figure that was not measured is named', async () => {
  const reports = await committedReports();
  const growth = { ...reports.growth, figures: reports.growth.figures.slice(1) };
  expect(() => performanceTables({ ...reports, growth })).toThrow(
    'bench/results/growth.json has no figure "Growth: CPU of deliver, 10 clicks × 1 webhook"',
  );
  expect(() => growthPicture(growth.figures)).toThrow('has no figure');
});
