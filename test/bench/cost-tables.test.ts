import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { CASES, caseName } from '../../bench/cost-of-clicks.ts';
import { costTables, type Watched } from '../../bench/cost-tables.ts';
import type { Figure } from '../../bench/figure.ts';
import { withTables } from '../../bench/tables.ts';
import { ClickhookStack } from '../../lib/clickhook-stack.ts';
import { newApp } from '../lib/new-app.ts';

const PAGE = new URL('../../docs/deploy.md', import.meta.url);
const REPORT = new URL('../../bench/results/cost.json', import.meta.url);

const figuresOf = async (): Promise<Figure[]> => JSON.parse(await readFile(REPORT, 'utf8')).figures;

/** What the alarms of the stack watch. One that calculates names the metrics that it reads. */
function watched(): Watched {
  const template = Template.fromStack(new ClickhookStack(newApp(), 'Clickhook'));
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
  const metrics = alarms.map(({ Properties: { Metrics } }) =>
    Metrics ? Metrics.filter(({ MetricStat }: { MetricStat?: object }) => MetricStat).length : 1,
  );
  return { alarms: alarms.length, alarmMetrics: metrics.reduce((sum, count) => sum + count, 0) };
}

// The benchmarks write bench/results/cost.json, and UPDATE_DOCS=1 writes the tables of the page from it.
test('docs/deploy.md has the prices that bench/results/cost.json and bench/prices.json give', async () => {
  const page = await readFile(PAGE, 'utf8');
  const updated = withTables(page, costTables(await figuresOf(), watched()));
  if (process.env.UPDATE_DOCS) await writeFile(PAGE, updated);
  else expect(page).toBe(updated);
});

test('a case that was not measured is named', async () => {
  const missing = caseName(CASES[1] ?? { hooks: 0, records: 10 });
  const others = (await figuresOf()).filter(({ name }) => name !== missing);
  expect(() => costTables(others, watched())).toThrow(`bench/results/cost.json has no figure "${missing}"`);
});

test('a page without a place for a table is refused', () => {
  expect(() => withTables('No place', { parts: '| a |' })).toThrow('no place for the table "parts"');
});
