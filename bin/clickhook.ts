import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ClickhookStack } from '../lib/clickhook-stack.ts';

const app = new App({ outdir: process.env.CDK_OUTDIR ?? 'cdk.out' });
new ClickhookStack(app, 'Clickhook', {
  description: 'Clickhook: a link shortener that posts every click to your webhooks',
});
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth();
