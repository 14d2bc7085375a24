import { App, type AppProps, Validations } from 'aws-cdk-lib';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { AwsSolutionsChecks } from 'cdk-nag';

/**
 * The CDK app with all of its checks: the template against CloudFormation's own schemas, offline, and cdk-nag; what
 * either finds ends the synthesis. The feature flags are those that this version of the library recommends. They are
 * set here and not in cdk.json, which only the CLI reads: the local stack runs the same template.
 */
export function clickhookApp(props: AppProps = {}): App {
  const app = new App({ ...props, context: { ...recommendedFlags, ...props.context } });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}
