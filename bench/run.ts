import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { makeBundles } from './bundles.ts';
import { coldStarts } from './cold-start.ts';
import { costs } from './cost.ts';
import { deliveries } from './deliver.ts';
import type { Figure } from './figure.ts';
import { growth } from './growth.ts';
import { localStack, testTime } from './local-stack.ts';
import { markdown, reportOf } from './report.ts';
import { warmRedirects } from './warm-redirect.ts';

const RUNS = 15;

const { values } = parseArgs({ options: { json: { type: 'string' }, only: { type: 'string' } } });
const bundles = await makeBundles();
const GROUPS: Record<string, () => Promise<Figure[]>> = {
  cold: () => coldStarts(bundles, RUNS),
  deliver: () => deliveries(bundles, RUNS),
  local: () => localStack(RUNS),
  tests: () => testTime(),
  cost: () => costs(bundles, RUNS),
  growth: () => growth(bundles, RUNS),
  warm: () => warmRedirects(bundles, RUNS),
};
const figures: Figure[] = [];
try {
  for (const [name, measure] of Object.entries(GROUPS)) {
    if (values.only && values.only !== name) continue;
    process.stderr.write(`Measuring: ${name}\n`);
    figures.push(...(await measure()));
  }
} finally {
  await bundles.remove();
}
const report = reportOf(figures);
process.stdout.write(markdown(report));
if (values.json) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
