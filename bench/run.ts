import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type Bundles, makeBundles } from './bundles.ts';
import { coldStarts } from './cold-start.ts';
import { costs } from './cost.ts';
import { deliveries } from './deliver.ts';
import type { Figure } from './figure.ts';
import { growth } from './growth.ts';
import { localStack, testTime } from './local-stack.ts';
import { markdown, reportOf } from './report.ts';
import { warmRedirects } from './warm-redirect.ts';

const RUNS = 15;

const GROUPS: Record<string, (bundles: Bundles) => Promise<Figure[]>> = {
  cold: (bundles) => coldStarts(bundles, RUNS),
  warm: (bundles) => warmRedirects(bundles, RUNS),
  deliver: (bundles) => deliveries(bundles, RUNS),
  local: () => localStack(RUNS),
  tests: testTime,
  cost: (bundles) => costs(bundles, RUNS),
  growth: (bundles) => growth(bundles, RUNS),
};

/** A group that fails is reported and makes the run exit with code 1. The other groups are still measured. */
async function measure(names: string[]): Promise<Figure[]> {
  const bundles = await makeBundles();
  const figures: Figure[] = [];
  for (const name of names) {
    process.stderr.write(`Measuring: ${name}\n`);
    try {
      figures.push(...((await GROUPS[name]?.(bundles)) ?? []));
    } catch (error) {
      process.stderr.write(`${name} could not be measured: ${(error as Error).message}\n`);
      process.exitCode = 1;
    }
  }
  await bundles.remove();
  return figures;
}

const { values } = parseArgs({ options: { json: { type: 'string' }, only: { type: 'string' } } });
const names = Object.keys(GROUPS);
if (values.only !== undefined && !names.includes(values.only)) {
  process.stderr.write(`--only must be one of ${names.join(', ')}.\n`);
  process.exitCode = 2;
} else {
  const report = reportOf(await measure(values.only === undefined ? names : [values.only]));
  process.stdout.write(markdown(report));
  if (values.json) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
}
