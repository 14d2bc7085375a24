import { clickhookApp } from '../lib/app.ts';
import { ClickhookStack } from '../lib/clickhook-stack.ts';

const app = clickhookApp({ outdir: process.env.CDK_OUTDIR ?? 'cdk.out' });
new ClickhookStack(app, 'Clickhook', {
  description: 'Clickhook: a link shortener that posts every click to your webhooks',
});
app.synth();
