import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import {
  type ICommandHooks,
  NodejsFunction,
  type NodejsFunctionProps,
  OutputFormat,
} from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What differs between functions. `entry` is a path below lambdas/. */
export type ClickhookFunctionProps = Pick<
  NodejsFunctionProps,
  'memorySize' | 'reservedConcurrentExecutions'
> & {
  entry: string;
  description: string;
  timeout?: Duration;
  environment: Record<string, string>;
  /** A folder of the bundle and the script, a path below the project, that fills it: `node SCRIPT FOLDER`. */
  data?: { folder: string; script: string };
};

/** Runs the script once the bundle is written, with the Node that runs this, from any folder. */
function dataHooks({ folder, script }: { folder: string; script: string }): ICommandHooks {
  return {
    beforeInstall: () => [],
    beforeBundling: () => [],
    afterBundling: (_input, output) => [`"${process.execPath}" "${ROOT}${script}" "${output}/${folder}"`],
  };
}

/** A function with our defaults: runtime, bundle, its own log group and a role that may only write to it. */
export class ClickhookFunction extends NodejsFunction {
  constructor(scope: Construct, id: string, { entry, environment, data, ...props }: ClickhookFunctionProps) {
    const parts = new Construct(scope, `${id}Parts`);
    const logGroup = new LogGroup(parts, 'Logs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(parts, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      managedPolicies: [] as ManagedPolicy[],
    });
    super(scope, id, {
      timeout: Duration.seconds(10),
      memorySize: 512,
      ...props,
      entry: `${ROOT}lambdas/${entry}`,
      handler: 'handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      projectRoot: ROOT,
      depsLockFilePath: `${ROOT}package-lock.json`,
      role,
      logGroup,
      environment: { NODE_OPTIONS: '--enable-source-maps', POWERTOOLS_LOG_LEVEL: 'INFO', ...environment },
      bundling: {
        format: OutputFormat.CJS,
        minify: true,
        sourceMap: true,
        sourcesContent: false,
        target: 'node24',
        mainFields: ['module', 'main'],
        externalModules: [],
        ...(data ? { commandHooks: dataHooks(data) } : {}),
      },
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
  }
}
