import type { App } from 'aws-cdk-lib';
import { clickhookApp } from '../../lib/app.ts';
import { BUNDLES_CONTEXT } from '../../lib/function.ts';

/** The CDK app with all of its checks. The invariants do not depend on the functions' code: none keeps tests quick. */
export function newApp(context: Record<string, unknown> = {}): App {
  return clickhookApp({ context: { [BUNDLES_CONTEXT]: false, ...context } });
}
