import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type Bundles, makeBundles } from './bundles.ts';
import { coldStarts } from './cold-start.ts';
import { costs } from './cost.ts';
import { deliveries } from './deliver.ts';
import type { Figure } from './figure.ts';
import { growth } from './growth.ts';
import { localStack, testTime } from './local-stack.ts';
import { type Group, markdown, reportOf, resultFile } from './report.ts';
import { reports } from './reports.ts';
import { coldStartsInRuntime } from './runtime-client.ts';
import { warmRedirects } from './warm-redirect.ts';

const RUNS = 15;

const MEASURE: Record<Group, (bundles: Bundles) => Promise<Figure[]>> = {
  cold: (bundles) => coldStarts(bundles, RUNS),
  runtime: (bundles) => coldStartsInRuntime(bundles, RUNS),
  warm: (bundles) => warmRedirects(bundles, RUNS),
  deliver: (bundles) => deliveries(bundles, RUNS),
  reports: (bundles) => reports(bundles, 5),
  local: () => localStack(RUNS),
  tests: testTime,
  cost: (bundles) => costs(bundles, RUNS),
  growth: (bundles) => growth(bundles, RUNS),
};
const GROUPS = Object.keys(MEASURE) as Group[];

const asJson = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** A group that fails is reported and makes the run exit with code 1. The other groups are still measured. */
async function measure(groups: Group[], save: boolean): Promise<Figure[]> {
  const bundles = await makeBundles();
  const figures: Figure[] = [];
  for (const group of groups) {
    process.stderr.write(`Measuring: ${group}\n`);
    try {
      const measured = await MEASURE[group](bundles);
      figures.push(...measured);
      if (save) await writeFile(resultFile(group), asJson(reportOf(measured)));
    } catch (error) {
      process.stderr.write(`${group} could not be measured: ${(error as Error).message}\n`);
      process.exitCode = 1;
    }
  }
  await bundles.remove();
  return figures;
}

const { values } = parseArgs({
  options: { json: { type: 'string' }, only: { type: 'string' }, save: { type: 'boolean', default: false } },
});
const groups = values.only === undefined ? GROUPS : GROUPS.filter((group) => group === values.only);
if (groups.length === 0) {
  process.stderr.write(`--only must be one of ${GROUPS.join(', ')}.\n`);
  process.exitCode = 2;
} else {
  const report = reportOf(await measure(groups, values.save));
  process.stdout.write(markdown(report));
  if (values.json) await writeFile(values.json, asJson(report));
}
