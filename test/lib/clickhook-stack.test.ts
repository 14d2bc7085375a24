import { describe, expect, jest, test } from '@jest/globals';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ENDPOINTS, ROUTES } from '../../lambdas/endpoints.ts';
import { ClickhookStack } from '../../lib/clickhook-stack.ts';
import { REDIRECT_ROUTES } from '../../lib/http-api.ts';
import { newApp } from './new-app.ts';

const template = Template.fromStack(new ClickhookStack(newApp(), 'Clickhook'));

function only<T>(values: T[]): T {
  expect(values).toHaveLength(1);
  return values[0] as T;
}

describe('the clicks queue', () => {
  test('is standard and encrypted, keeps clicks for an hour and never redrives', () => {
    template.resourceCountIs('AWS::SQS::Queue', 1);
    template.hasResourceProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 3_600,
      VisibilityTimeout: 60,
      RedrivePolicy: Match.absent(),
      FifoQueue: Match.absent(),
    });
  });

  test('rejects requests without TLS', () => {
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  test('feeds deliver in batches of 10 without waiting, 5 at a time, with partial failures', () => {
    const queued = { EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ClickQueue'), 'Arn'] } };
    template.resourcePropertiesCountIs('AWS::Lambda::EventSourceMapping', queued, 1);
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: Match.absent(),
      ScalingConfig: { MaximumConcurrency: 5 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });
});

describe('the clicks of purged links', () => {
  test('are erased when DynamoDB itself removes a link, and on no other change of the table', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^TablesMain'), 'StreamArn'] },
      FunctionName: { Ref: Match.stringLikeRegexp('^ClickErasurePurge') },
      StartingPosition: 'TRIM_HORIZON',
      FilterCriteria: {
        Filters: [
          {
            Pattern: JSON.stringify({
              eventName: ['REMOVE'],
              userIdentity: { principalId: ['dynamodb.amazonaws.com'] },
              dynamodb: { Keys: { pk: { S: [{ prefix: 'LINK#' }] }, sk: { S: ['LINK'] } } },
            }),
          },
        ],
      },
    });
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      StreamSpecification: { StreamViewType: 'OLD_IMAGE' },
    });
  });

  test.each([
    [{}, 0],
    [
      { tableStreamArn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/Main/stream/2027-01-31T12:00:00.000' },
      1,
    ],
  ])('of an existing table are erased if its stream is given: %j', (stream, purges) => {
    const stack = new ClickhookStack(newApp({ tableName: 'Main', ...stream }), 'Clickhook');
    const mappings = { StartingPosition: 'TRIM_HORIZON' };
    Template.fromStack(stack).resourcePropertiesCountIs('AWS::Lambda::EventSourceMapping', mappings, purges);
  });
});

describe('the tables', () => {
  test('for lasting data is protected, recoverable and indexed by workspace', () => {
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      BillingMode: 'PAY_PER_REQUEST',
      GlobalSecondaryIndexes: [Match.objectLike({ IndexName: 'byWorkspace' })],
      TimeToLiveSpecification: { AttributeName: 'purge_at', Enabled: true },
      Replicas: [
        Match.objectLike({
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        }),
      ],
    });
  });

  test('for clicks is protected and recoverable, has no index, and expires clicks', () => {
    template.hasResource('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        GlobalSecondaryIndexes: Match.absent(),
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
        Replicas: [
          Match.objectLike({
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          }),
        ],
      },
    });
  });

  test('are two', () => {
    template.resourceCountIs('AWS::DynamoDB::GlobalTable', 2);
  });
});

describe('the functions', () => {
  test('all run Node 24 on arm64 with a log group that has a retention', () => {
    const functions = Object.values(template.findResources('AWS::Lambda::Function'));
    // Besides the endpoints: the redirect, deliver, and the one that erases the clicks of purged links.
    expect(functions).toHaveLength(ENDPOINTS.length + 3);
    for (const { Properties } of functions) {
      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
      expect(Properties.LoggingConfig.LogGroup).toBeDefined();
    }
    for (const { Properties } of Object.values(template.findResources('AWS::Logs::LogGroup'))) {
      expect(Properties.RetentionInDays).toBe(30);
    }
  });

  test('are traced only when the context says so', () => {
    const modes = (of: Template) =>
      Object.values(of.findResources('AWS::Lambda::Function')).map(
        ({ Properties }) => Properties.TracingConfig?.Mode,
      );
    expect(new Set(modes(template))).toEqual(new Set([undefined]));
    expect(JSON.stringify(template.toJSON())).not.toContain('xray');
    const traced = Template.fromStack(new ClickhookStack(newApp({ tracing: true }), 'Clickhook'));
    expect(new Set(modes(traced))).toEqual(new Set(['Active']));
  });

  test('let Lambda write lines of its own only about invocations that fail, and write metrics and logs themselves', () => {
    for (const { Properties } of Object.values(template.findResources('AWS::Lambda::Function'))) {
      expect(Properties.LoggingConfig).toMatchObject({
        LogFormat: 'JSON',
        SystemLogLevel: 'WARN',
        ApplicationLogLevel: 'INFO',
      });
      // A level of its own would hide what an operator sets in Lambda.
      expect(Object.keys(Properties.Environment?.Variables ?? {})).not.toContain('POWERTOOLS_LOG_LEVEL');
    }
  });

  test('deliver ends after 10 seconds, a sixth of the visibility timeout', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Description: Match.stringLikeRegexp('^Delivers clicks'),
      Timeout: 10,
    });
  });

  test('deliver is updated before the redirect, because it reads the messages of both versions', () => {
    const idOf = (id: string) =>
      only(Object.keys(template.findResources('AWS::Lambda::Function')).filter((name) => name.includes(id)));
    const redirect = template.findResources('AWS::Lambda::Function')[idOf('Redirect')];
    expect(redirect?.DependsOn).toContain(idOf('Deliver'));
    const deliver = template.findResources('AWS::Lambda::Function')[idOf('Deliver')];
    expect(JSON.stringify(deliver)).not.toContain(idOf('Redirect'));
  });

  test('deliver keeps clicks for 400 days', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Description: Match.stringLikeRegexp('^Delivers clicks'),
      Environment: { Variables: Match.objectLike({ CLICKHOOK_CLICK_RETENTION_DAYS: '400' }) },
    });
  });

  test('know the hosts of the stack itself if they save or deliver to webhooks', () => {
    const known = Object.values(template.findResources('AWS::Lambda::Function')).filter(
      ({ Properties }) => Properties.Environment?.Variables.CLICKHOOK_API_ENDPOINT,
    );
    const descriptions = known.map(({ Properties }) => Properties.Description).join();
    expect(descriptions).toMatch(/Delivers clicks.*Subscribes a webhook/);
  });

  test('only those that look at the host of a visitor know the secret of the CDN, when the context contains one', () => {
    const secret = 'sixteen-or-more-characters';
    const other = Template.fromStack(new ClickhookStack(newApp({ edgeSecret: secret }), 'Clickhook'));
    const knowing = Object.values(other.findResources('AWS::Lambda::Function')).filter(
      ({ Properties }) => Properties.Environment.Variables.CLICKHOOK_EDGE_SECRET === secret,
    );
    expect(knowing.map(({ Properties }) => Properties.Description)).toEqual([
      expect.stringMatching(/^Sends visitors to the destination/),
      expect.stringMatching(/^Shows the public statistics/),
    ]);
    expect(JSON.stringify(template.toJSON())).not.toContain('CLICKHOOK_EDGE_SECRET');
  });

  test('cannot be given access to loopback, other DNS servers or certificates by the stack', () => {
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

describe('the HTTP API', () => {
  test('has every declared route, and a default', () => {
    const keys = Object.values(template.findResources('AWS::ApiGatewayV2::Route')).map(
      ({ Properties }) => Properties.RouteKey,
    );
    const wanted = [...ROUTES, ...REDIRECT_ROUTES].map(({ method, path }) => `${method} ${path}`);
    expect(keys.sort()).toEqual([...wanted, '$default'].sort());
  });

  test('gives management a small share of the throttle, so that it cannot starve redirects', () => {
    const { DefaultRouteSettings, RouteSettings } = only(
      Object.values(template.findResources('AWS::ApiGatewayV2::Stage')),
    ).Properties;
    expect(DefaultRouteSettings.ThrottlingRateLimit).toBeGreaterThanOrEqual(1_000);
    for (const { method, path } of ROUTES) {
      expect(RouteSettings[`${method} ${path}`].ThrottlingRateLimit).toBeLessThanOrEqual(100);
      expect(RouteSettings[`${method} ${path}`].ThrottlingBurstLimit).toBeLessThanOrEqual(100);
    }
  });

  test('accepts even fewer requests for public statistics, because anyone can cause their cost', () => {
    const { RouteSettings } = only(
      Object.values(template.findResources('AWS::ApiGatewayV2::Stage')),
    ).Properties;
    for (const route of ['GET /api/v1/public/statistics', 'GET /api/v1/public/statistics/page']) {
      expect(RouteSettings[route]).toEqual({ ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 });
    }
  });

  test('stays within the lowest default quota of an account, so that it deploys in every region', () => {
    const { DefaultRouteSettings } = only(
      Object.values(template.findResources('AWS::ApiGatewayV2::Stage')),
    ).Properties;
    expect(DefaultRouteSettings.ThrottlingRateLimit).toBeLessThanOrEqual(2_500);
    expect(DefaultRouteSettings.ThrottlingBurstLimit).toBeLessThanOrEqual(1_250);
  });

  test('logs where all gateways of the account share an entry of the resource policy, with each stack in its own group', () => {
    const groupOf = (of: Template) => {
      const { AccessLogSettings } = only(
        Object.values(of.findResources('AWS::ApiGatewayV2::Stage')),
      ).Properties;
      const [logicalId] = AccessLogSettings.DestinationArn['Fn::GetAtt'];
      return of.findResources('AWS::Logs::LogGroup')[logicalId]?.Properties.LogGroupName;
    };
    const names = ['Clickhook', 'Clickhook-Trial'].map((name) =>
      groupOf(Template.fromStack(new ClickhookStack(newApp({ accessLog: true }), name))),
    );
    for (const name of names) expect(name).toMatch(/^\/aws\/vendedlogs\/[\w./-]+$/);
    expect(new Set(names).size).toBe(2);
  });

  test('writes an access log only when the context says so, without source address, path or query string', () => {
    const stageOf = (of: Template) => only(Object.values(of.findResources('AWS::ApiGatewayV2::Stage')));
    expect(stageOf(template).Properties.AccessLogSettings).toBeUndefined();
    const logging = Template.fromStack(new ClickhookStack(newApp({ accessLog: true }), 'Clickhook'));
    const { AccessLogSettings } = stageOf(logging).Properties;
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
