import { clickhookApp } from '../lib/app.ts';
import { ClickhookStack } from '../lib/clickhook-stack.ts';
import { SettingsError } from '../lib/settings/settings.ts';

const app = clickhookApp({ outdir: process.env.CDK_OUTDIR ?? 'cdk.out' });
try {
  new ClickhookStack(app, 'Clickhook', {
    description: 'Clickhook: a link shortener that posts every click to your webhooks',
  });
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
app.synth();
