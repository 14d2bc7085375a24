import { App, type AppProps, Validations } from 'aws-cdk-lib';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { AwsSolutionsChecks } from 'cdk-nag';

/** Whether the library holds templates against the schemas and rules of CloudFormation. */
const VALIDATION = '@aws-cdk/core:validateAgainstDefaultRules';

/**
 * The CDK app. The feature flags are those that this version of the library recommends; they are set here and not in
 * cdk.json, which only the CLI reads: the local stack runs the same template.
 * @param checked whether the template is held against CloudFormation's own schemas, offline, and cdk-nag: what either
 * finds ends the synthesis. They change nothing in it.
 */
export function clickhookApp(props: AppProps, checked = true): App {
  const flags = { ...recommendedFlags, [VALIDATION]: checked };
  const app = new App({
    ...props,
    builtinCloudFormationValidation: checked,
    context: { ...flags, ...props.context },
  });
  if (checked) Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}
