import { App, type AppProps, Validations } from 'aws-cdk-lib';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { AwsSolutionsChecks } from 'cdk-nag';

/** Whether the library checks templates against the schemas and rules of CloudFormation. */
const VALIDATION = '@aws-cdk/core:validateAgainstDefaultRules';

/**
 * The CDK app. The feature flags are those that this version of the library recommends. They are set here and not in
 * cdk.json, which only the CLI reads, because the local stack runs the same template.
 * @param checked whether the template is checked offline against CloudFormation's own schemas and by cdk-nag; a finding
 * of either ends the synthesis. The checks do not change the template.
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
