import type { App } from 'aws-cdk-lib';
import { clickhookApp } from '../../lib/app.ts';
import { BUNDLES_CONTEXT } from '../../lib/function.ts';

/** The CDK app without the functions' code, because the stack tests do not depend on it. */
const appOf = (context: Record<string, unknown>, checked: boolean): App =>
  clickhookApp({ context: { [BUNDLES_CONTEXT]: false, ...context } }, checked);

/** The CDK app without its checks, which do not change the template and take most of the time. */
export const newApp = (context: Record<string, unknown> = {}): App => appOf(context, false);

/** The CDK app as it is deployed: CloudFormation's schemas and cdk-nag end the synthesis when they find something. */
export const newCheckedApp = (context: Record<string, unknown> = {}): App => appOf(context, true);
