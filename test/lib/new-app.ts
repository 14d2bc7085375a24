import type { App } from 'aws-cdk-lib';
import { clickhookApp } from '../../lib/app.ts';

/** The CDK app with all of its checks. The invariants do not depend on the bundles' contents: no bundling keeps tests quick. */
export function newApp(context: Record<string, unknown> = {}): App {
  return clickhookApp({ context: { 'aws:cdk:bundling-stacks': [], ...context } });
}
