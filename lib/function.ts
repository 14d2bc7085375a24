import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  type CfnFunction,
  Code,
  type FunctionProps,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { bundleName } from './bundles/bundle-functions.ts';

/**
 * What differs between functions. `entry` is a path below lambdas/, and `handler` is its export that handles events.
 */
export type ClickhookFunctionProps = Pick<FunctionProps, 'memorySize' | 'reservedConcurrentExecutions'> & {
  entry: string;
  handler: string;
  description: string;
  timeout?: Duration;
  environment: Record<string, string>;
  /** Whether stack traces contain source lines. This costs a cold start 9 ms. Default: true. */
  sourceMaps?: boolean;
};

/** The context key of the folder with all bundles. `false` means no code, where only the template matters. */
export const BUNDLES_CONTEXT = 'bundles';

function codeOf(scope: Construct, entry: string): Code {
  const bundles: unknown = scope.node.tryGetContext(BUNDLES_CONTEXT);
  if (bundles === false) return Code.fromInline('// No code: only the template matters.');
  if (typeof bundles === 'string') return Code.fromAsset(`${bundles}/${bundleName(entry)}`);
  throw new Error('The bundles are missing. Synthesize with node bin/clickhook.ts, which creates them.');
}

/**
 * A function with our defaults: the runtime, its bundle, its own log group, and a role that may only write to that log
 * group.
 */
export class ClickhookFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: ClickhookFunctionProps) {
    const { entry, handler, environment, sourceMaps = true, ...others } = props;
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
      ...others,
      code: codeOf(scope, entry),
      handler: `index.${handler}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      role,
      logGroup,
      // Lambda's own lines about an invocation (start and report) are worth 0.20 USD of a million clicks, and its metrics
      // say the same. At WARN, Lambda still writes them for an invocation that fails.
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      // Metric lines have no level. Lambda takes them as INFO, so any level above it would drop them.
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      environment: { ...(sourceMaps ? { NODE_OPTIONS: '--enable-source-maps' } : {}), ...environment },
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
  }

  /** Lets AWS X-Ray trace the function: one invocation a second, and five percent of the others. */
  trace(): void {
    (this.node.defaultChild as CfnFunction).tracingConfig = { mode: 'Active' };
    this.addToRolePolicy(
      new PolicyStatement({
        actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
        resources: ['*'],
      }),
    );
    if (this.role) {
      Validations.of(this.role).acknowledge({
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: 'X-Ray has no resources to name: a function may send traces, or not.',
      });
    }
  }
}

/** Traces every function of a stack. */
export function traceFunctions(stack: Construct): void {
  for (const one of stack.node.findAll()) {
    if (one instanceof ClickhookFunction) one.trace();
  }
}
