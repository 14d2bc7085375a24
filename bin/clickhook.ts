import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { bundleFunctions } from '../lib/bundles/bundle-functions.ts';
import { ClickhookStack } from '../lib/clickhook-stack.ts';
import { BUNDLES_CONTEXT } from '../lib/function.ts';

const bundles = await mkdtemp(join(tmpdir(), 'clickhook-bundles-'));
try {
  await bundleFunctions(bundles);
  const app = new App({
    outdir: process.env.CDK_OUTDIR ?? 'cdk.out',
    context: { [BUNDLES_CONTEXT]: bundles },
  });
  new ClickhookStack(app, 'Clickhook', {
    description: 'Clickhook: a link shortener that posts every click to your webhooks',
  });
  // They look at the template and change nothing in it; the local stack, which is to start quickly, goes without.
  if (process.env.CLICKHOOK_UNCHECKED !== '1') Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
} finally {
  await rm(bundles, { recursive: true });
}
