import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clickhookApp } from '../lib/app.ts';
import { bundleFunctions } from '../lib/bundles/bundle-functions.ts';
import { ClickhookStack } from '../lib/clickhook-stack.ts';
import { BUNDLES_CONTEXT } from '../lib/function.ts';
import { readSettings, SettingsError } from '../lib/settings.ts';

const bundles = await mkdtemp(join(tmpdir(), 'clickhook-bundles-'));
try {
  const outdir = process.env.CDK_OUTDIR ?? 'cdk.out';
  const context = { [BUNDLES_CONTEXT]: bundles };
  // The local stack must start quickly, so it skips the checks.
  const checked = process.env.CLICKHOOK_UNCHECKED !== '1';
  const app = clickhookApp({ outdir, context, autoSynth: false }, checked);
  // Checks the options first, because bundling takes seconds.
  const { redirectSdk } = readSettings(app.node);
  await bundleFunctions(bundles, redirectSdk);
  new ClickhookStack(app, 'Clickhook', {
    description: 'Clickhook: a link shortener that delivers every click to your webhooks',
  });
  app.synth();
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  await rm(bundles, { recursive: true });
}
