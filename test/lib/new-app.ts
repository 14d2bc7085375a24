import { App } from 'aws-cdk-lib';

/** A CDK app. The invariants do not depend on the bundles' contents: no bundling keeps tests quick. */
export function newApp(context: Record<string, unknown> = {}): App {
  return new App({ context: { 'aws:cdk:bundling-stacks': [], ...context } });
}
