import { App } from 'aws-cdk-lib';
import { BUNDLES_CONTEXT } from '../../lib/function.ts';

/** A CDK app. The invariants do not depend on the functions' code: none keeps tests quick. */
export function newApp(context: Record<string, unknown> = {}): App {
  return new App({ context: { [BUNDLES_CONTEXT]: false, ...context } });
}
