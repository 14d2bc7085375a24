import { describe, expect, jest, test } from '@jest/globals';
import { App, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { API_CATCH_ALLS, API_ROUTES, REDIRECT_ROUTES } from '../../lambdas/core/routes.ts';
import { ClickhookStack } from '../../lib/clickhook-stack.ts';

// The invariants do not depend on the bundles' contents: no bundling keeps these tests quick.
function newApp(context: Record<string, unknown> = {}): App {
  return new App({ context: { 'aws:cdk:bundling-stacks': [], ...context } });
}

const template = Template.fromStack(new ClickhookStack(newApp(), 'Clickhook'));

type Statement = {
  Action: string | string[];
  Resource: unknown;
  Condition?: Record<string, Record<string, string[]>>;
};

function only<T>(values: T[]): T {
  expect(values).toHaveLength(1);
  return values[0] as T;
}

/** Statements of the policies whose logical id starts with the function's. */
function statementsOf(functionId: string): Statement[] {
  const policies = Object.entries(template.findResources('AWS::IAM::Policy'));
  const own = policies.filter(([id]) => id.includes(`${functionId}Parts`));
  return only(own)[1].Properties.PolicyDocument.Statement;
}

function actionsOf(functionId: string): string[] {
  return statementsOf(functionId)
    .flatMap(({ Action }) => Action)
    .sort();
}

describe('the clicks queue', () => {
  test('is standard, encrypted, keeps clicks for an hour and never redrives', () => {
    template.resourceCountIs('AWS::SQS::Queue', 1);
    template.hasResourceProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 3_600,
      VisibilityTimeout: 60,
      RedrivePolicy: Match.absent(),
      FifoQueue: Match.absent(),
    });
  });

  test('refuses requests without TLS', () => {
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  test('feeds deliver in batches of 10 without waiting, 5 at a time, with partial failures', () => {
    template.resourceCountIs('AWS::Lambda::EventSourceMapping', 1);
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: Match.absent(),
      ScalingConfig: { MaximumConcurrency: 5 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  test('takes another concurrency from the context and refuses a wrong one', () => {
    const other = Template.fromStack(new ClickhookStack(newApp({ deliverConcurrency: 20 }), 'Clickhook'));
    other.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      ScalingConfig: { MaximumConcurrency: 20 },
    });
    expect(() => new ClickhookStack(newApp({ deliverConcurrency: 1 }), 'Clickhook')).toThrow(
      /from 2 to 1000/,
    );
  });
});

describe('the tables', () => {
  test('what lasts is protected, recoverable and indexed by workspace', () => {
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      BillingMode: 'PAY_PER_REQUEST',
      GlobalSecondaryIndexes: [Match.objectLike({ IndexName: 'byWorkspace' })],
      Replicas: [
        Match.objectLike({
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        }),
      ],
    });
  });

  test('claims expire', () => {
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    });
  });
});

describe('the functions', () => {
  test('all run Node 24 on arm64 with a log group that forgets', () => {
    const functions = Object.values(template.findResources('AWS::Lambda::Function'));
    expect(functions).toHaveLength(24);
    for (const { Properties } of functions) {
      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
      expect(Properties.LoggingConfig.LogGroup).toBeDefined();
    }
    for (const { Properties } of Object.values(template.findResources('AWS::Logs::LogGroup'))) {
      expect(Properties.RetentionInDays).toBe(30);
    }
  });

  test('deliver ends after 10 seconds, a sixth of the visibility timeout', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Description: Match.stringLikeRegexp('^Posts clicks'),
      Timeout: 10,
    });
  });

  test('know the hosts of the stack itself where webhooks are saved or posted to', () => {
    const known = Object.values(template.findResources('AWS::Lambda::Function')).filter(
      ({ Properties }) => Properties.Environment?.Variables.CLICKHOOK_API_ENDPOINT,
    );
    const descriptions = known.map(({ Properties }) => Properties.Description).join();
    expect(descriptions).toMatch(/Posts clicks.*Subscribes a webhook/);
  });

  test('only the redirect knows what a CDN proves itself with, when the context says it', () => {
    const secret = 'sixteen-or-more-characters';
    const other = Template.fromStack(new ClickhookStack(newApp({ edgeSecret: secret }), 'Clickhook'));
    const knowing = Object.values(other.findResources('AWS::Lambda::Function')).filter(
      ({ Properties }) => Properties.Environment.Variables.CLICKHOOK_EDGE_SECRET === secret,
    );
    expect(knowing.map(({ Properties }) => Properties.Description)).toEqual([
      expect.stringMatching(/^Sends visitors to the destination/),
    ]);
    expect(JSON.stringify(template.toJSON())).not.toContain('CLICKHOOK_EDGE_SECRET');
  });

  test.each([['too-short'], [''], [7]])('a secret of a CDN such as %j is refused', (edgeSecret) => {
    expect(() => new ClickhookStack(newApp({ edgeSecret }), 'Clickhook')).toThrow(/at least 16 characters/);
  });

  test('none can be let onto the loopback interface, to other DNS servers or certificates by the stack', () => {
    const wanted = {
      CLICKHOOK_ALLOW_LOOPBACK: '1',
      CLICKHOOK_DNS_SERVERS: '127.0.0.1:53',
      NODE_EXTRA_CA_CERTS: 'ca.pem',
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
    };
    const context = Object.fromEntries(
      Object.keys(wanted).flatMap((name) => [
        [name, '1'],
        [name.replace('CLICKHOOK_', '').toLowerCase(), '1'],
      ]),
    );
    jest.replaceProperty(process, 'env', { ...process.env, ...wanted });
    const asked = Template.fromStack(
      new ClickhookStack(newApp({ ...context, allowLoopback: true }), 'Clickhook'),
    );
    jest.restoreAllMocks();
    for (const { Properties } of Object.values(asked.findResources('AWS::Lambda::Function'))) {
      expect(Object.keys(Properties.Environment?.Variables ?? {})).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/LOOPBACK|DNS_SERVERS|CA_CERTS|TLS_REJECT/)]),
      );
    }
  });
});

describe('permissions', () => {
  test('name their actions and their resources, without a wildcard', () => {
    for (const { Properties } of Object.values(template.findResources('AWS::IAM::Policy'))) {
      for (const { Action, Resource } of Properties.PolicyDocument.Statement as Statement[]) {
        expect([Action].flat().join()).not.toContain('*');
        expect(JSON.stringify(Resource)).not.toContain('*');
      }
    }
    for (const { Properties } of Object.values(template.findResources('AWS::IAM::Role'))) {
      expect(Properties.ManagedPolicyArns).toBeUndefined();
    }
  });

  const LOGS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
  test.each([
    [
      'Redirect',
      ['dynamodb:GetItem', 'dynamodb:UpdateItem', 'sqs:SendMessage'],
      ['DOMAIN#*', 'PASSWORD#*', 'SLUG#*', 'WORKSPACE#*'],
    ],
    [
      'HooksCreate',
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      ['KEY#*', 'LINK#*', 'SLUG#*', 'WORKSPACE#*'],
    ],
    ['HooksList', ['dynamodb:GetItem', 'dynamodb:Query'], ['KEY#*', 'LINK#*', 'SLUG#*', 'WORKSPACE#*']],
    [
      'HooksDelete',
      ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:Query'],
      ['KEY#*', 'LINK#*', 'SLUG#*', 'WORKSPACE#*'],
    ],
    [
      'LinksSave',
      ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      ['COUNTER#LINK', 'DOMAIN#*', 'KEY#*', 'LINK#*', 'SLUG#*'],
    ],
    ['LinksGet', ['dynamodb:GetItem', 'dynamodb:Query'], ['KEY#*', 'LINK#*', 'SLUG#*']],
    [
      'LinksList',
      ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
      ['KEY#*', 'LINK#*', 'WORKSPACE#*'],
    ],
    ['KeysList', ['dynamodb:GetItem', 'dynamodb:Query'], ['KEY#*', 'WORKSPACE#*']],
    ['KeysCreate', ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'], ['KEY#*', 'WORKSPACE#*']],
    ['KeysRevoke', ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:Query'], ['KEY#*', 'WORKSPACE#*']],
    ['SigningSecretShow', ['dynamodb:GetItem'], ['KEY#*', 'SECRETS#*']],
    ['SigningSecretRotate', ['dynamodb:GetItem', 'dynamodb:PutItem'], ['KEY#*', 'SECRETS#*']],
    ['SigningSecretRemove', ['dynamodb:DeleteItem', 'dynamodb:GetItem'], ['KEY#*', 'SECRETS#*']],
    [
      'LinksDelete',
      ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      ['KEY#*', 'LINK#*', 'SLUG#*'],
    ],
    [
      'DomainsList',
      ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
      ['DOMAIN#*', 'KEY#*', 'WORKSPACE#*'],
    ],
    [
      'DomainsCreate',
      [
        'dynamodb:BatchGetItem',
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
      ],
      ['COUNTER#DOMAIN', 'DOMAIN#*', 'KEY#*', 'WORKSPACE#*'],
    ],
    [
      'DomainsDelete',
      ['dynamodb:BatchGetItem', 'dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:Query'],
      ['DOMAIN#*', 'KEY#*', 'WORKSPACE#*'],
    ],
    [
      'DomainsFavicon',
      ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      ['DOMAIN#*', 'KEY#*', 'WORKSPACE#*'],
    ],
    ['WorkspacesList', ['dynamodb:GetItem'], ['KEY#*', 'WORKSPACE#*']],
    ['WorkspacesGet', ['dynamodb:GetItem'], ['KEY#*', 'WORKSPACE#*']],
    ['WorkspacesSave', ['dynamodb:GetItem', 'dynamodb:UpdateItem'], ['KEY#*', 'WORKSPACE#*']],
    [
      'WorkspacesCreate',
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      ['COUNTER#WORKSPACE', 'KEY#*', 'WORKSPACE#*'],
    ],
    ['UnknownRoute', [], []],
  ])('%s may do what it needs, on its own items alone', (functionId, actions, keys) => {
    expect([...new Set(actionsOf(functionId))]).toEqual([...actions, ...LOGS].sort());
    const onTable = statementsOf(functionId).filter(({ Action }) =>
      [Action].flat().some((name) => name.startsWith('dynamodb:')),
    );
    const bound = onTable.map(
      ({ Condition }) => Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'],
    );
    expect(bound).not.toContain(undefined);
    expect([...new Set(bound.flat(2))].sort()).toEqual(keys);
  });

  test('let deliver and the functions of the secret alone touch signing secrets', () => {
    const policies = Object.entries(template.findResources('AWS::IAM::Policy'));
    const touching = policies.filter(([, policy]) => JSON.stringify(policy).includes('SECRETS#'));
    const names = touching.map(([id]) => /(Deliver|SigningSecret[A-Z][a-z]+)Parts/.exec(id)?.[1]);
    expect(names.sort()).toEqual([
      'Deliver',
      'SigningSecretRemove',
      'SigningSecretRotate',
      'SigningSecretShow',
    ]);
  });

  test('deliver reads hooks, writes claims, counts clicks and consumes the queue, nothing else', () => {
    expect([...new Set(actionsOf('Deliver'))]).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      ...LOGS,
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ReceiveMessage',
    ]);
  });
});

describe('the HTTP API', () => {
  test('has every route of the table, and a default', () => {
    const keys = Object.values(template.findResources('AWS::ApiGatewayV2::Route')).map(
      ({ Properties }) => Properties.RouteKey,
    );
    const wanted = [...API_ROUTES, ...API_CATCH_ALLS, ...REDIRECT_ROUTES].map(
      ({ method, path }) => `${method} ${path}`,
    );
    expect(keys.sort()).toEqual([...wanted, '$default'].sort());
  });

  test('gives management little of the throttle, so that it cannot starve redirects', () => {
    const { DefaultRouteSettings, RouteSettings } = only(
      Object.values(template.findResources('AWS::ApiGatewayV2::Stage')),
    ).Properties;
    expect(DefaultRouteSettings.ThrottlingRateLimit).toBeGreaterThanOrEqual(1_000);
    for (const { method, path } of [...API_ROUTES, ...API_CATCH_ALLS]) {
      expect(RouteSettings[`${method} ${path}`].ThrottlingRateLimit).toBeLessThanOrEqual(100);
    }
  });

  test('writes no source address, path or query string to its access log', () => {
    const { AccessLogSettings } = only(
      Object.values(template.findResources('AWS::ApiGatewayV2::Stage')),
    ).Properties;
    expect(AccessLogSettings.Format).toContain('$context.routeKey');
    expect(AccessLogSettings.Format).not.toMatch(/sourceIp|path|queryString|forwarded|header/i);
  });

  test('has no route to the function that creates workspaces', () => {
    const permitted = Object.values(template.findResources('AWS::Lambda::Permission')).map(({ Properties }) =>
      JSON.stringify(Properties.FunctionName),
    );
    expect(permitted.filter((name) => name.includes('WorkspacesCreate'))).toEqual([]);
    expect(permitted.length).toBeGreaterThan(0);
  });

  test('prints the command that creates a workspace', () => {
    template.hasOutput('CreateWorkspace', { Value: Match.objectLike({ 'Fn::Join': Match.anyValue() }) });
  });
});

describe('cdk-nag', () => {
  function synthesizeChecked(prepare: (stack: ClickhookStack) => void = () => undefined): void {
    const app = newApp();
    prepare(new ClickhookStack(app, 'Clickhook'));
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    app.synth();
  }

  test('finds nothing in the stack that is not acknowledged with a reason', () => {
    expect(() => synthesizeChecked()).not.toThrow();
  });

  test('would find a careless resource', () => {
    const silence = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(() => synthesizeChecked((stack) => new Queue(stack, 'Careless'))).toThrow(/AwsSolutions-SQS3/);
    silence.mockRestore();
  });
});
