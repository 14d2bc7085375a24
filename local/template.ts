import { StackError } from './stack-error.ts';

/** A resource of a synthesized CloudFormation template. */
export type Resource = {
  Type: string;
  Properties?: Record<string, unknown>;
  Metadata?: Record<string, unknown>;
  Condition?: string;
};

/** The parts of a CloudFormation template that the local stack reads. */
export type Template = {
  Resources: Record<string, Resource>;
  Parameters?: Record<string, { Default?: unknown }>;
  Outputs?: Record<string, { Value: unknown }>;
};

/** A resource, and its logical id in the template. */
export type NamedResource = {
  logicalId: string;
  type: string;
  properties: Record<string, unknown>;
  resource: Resource;
};

/**
 * The resources of the given types, in template order, with their properties unresolved.
 * @throws StackError when one has a condition, because our templates have none
 */
export function resourcesOf(template: Template, ...types: string[]): NamedResource[] {
  return Object.entries(template.Resources)
    .filter(([, resource]) => types.includes(resource.Type))
    .map(([logicalId, resource]) => {
      if (resource.Condition !== undefined) {
        throw new StackError(
          `${logicalId} has a condition, which the local stack does not support. Remove the condition.`,
        );
      }
      return { logicalId, type: resource.Type, properties: resource.Properties ?? {}, resource };
    });
}

/** The resource types that the local stack runs. */
export const TYPE = {
  table: 'AWS::DynamoDB::Table',
  globalTable: 'AWS::DynamoDB::GlobalTable',
  queue: 'AWS::SQS::Queue',
  function: 'AWS::Lambda::Function',
  eventSource: 'AWS::Lambda::EventSourceMapping',
  api: 'AWS::ApiGatewayV2::Api',
  route: 'AWS::ApiGatewayV2::Route',
  integration: 'AWS::ApiGatewayV2::Integration',
  stage: 'AWS::ApiGatewayV2::Stage',
} as const;

/** Types that do nothing on a single machine: permissions, logs, monitoring and descriptions. */
const NOTHING_TO_RUN = new Set([
  'AWS::ApiGatewayV2::ApiMapping',
  'AWS::ApiGatewayV2::DomainName',
  'AWS::Budgets::Budget',
  'AWS::CDK::Metadata',
  'AWS::CertificateManager::Certificate',
  'AWS::CloudFront::CachePolicy',
  'AWS::CloudFront::Distribution',
  'AWS::CloudFront::Function',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::QueryDefinition',
  'AWS::Logs::ResourcePolicy',
  'AWS::Route53::RecordSet',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::XRay::Group',
]);

/** Resources that the local stack neither runs nor knows to be irrelevant here, as `LogicalId (Type)`. */
export function unknownResources(template: Template): string[] {
  const run = new Set<string>(Object.values(TYPE));
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => !run.has(Type) && !NOTHING_TO_RUN.has(Type))
    .map(([logicalId, { Type }]) => `${logicalId} (${Type})`);
}
