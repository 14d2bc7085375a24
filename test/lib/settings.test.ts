import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ClickhookStack } from '../../lib/clickhook-stack.ts';
import { OPTIONS, readSettings } from '../../lib/settings.ts';
import { newApp } from './new-app.ts';

const read = (context: Record<string, unknown>) => readSettings(newApp(context).node);

const CERTIFICATE = 'arn:aws:acm:eu-west-1:111122223333:certificate/1234abcd-12ab-34cd-56ef-1234567890ab';
const SECRET = 'sixteen-or-more-characters';

test('without options the defaults apply', () => {
  expect(read({})).toEqual({
    cloudFront: false,
    customDomains: [],
    edgeOnly: false,
    clickRateLimit: 2_500,
    clickBurstLimit: 1_250,
    deliverConcurrency: 5,
    logRetentionDays: 30,
    clickRetentionDays: 400,
    deletionProtection: true,
    redirectSdk: 'lean',
    tracing: false,
    accessLog: false,
  });
});

test('options come as text from the command line and as values from cdk.json', () => {
  const asText = { deliverConcurrency: '20', deletionProtection: 'false', logRetentionDays: '7' };
  const asValues = { deliverConcurrency: 20, deletionProtection: false, logRetentionDays: 7 };
  expect(read(asText)).toEqual(read(asValues));
  expect(read(asText)).toMatchObject(asValues);
});

test('several custom domains may be separated by commas or be a list', () => {
  const cdn = {
    domain: 'links.example.com',
    certificateArn: CERTIFICATE.replace('eu-west-1', 'us-east-1'),
    cloudFront: true,
    edgeSecret: SECRET,
  };
  const expected = { customDomains: ['go.example.com', 'to.example.com'] };
  expect(read({ ...cdn, customDomains: 'go.example.com, to.example.com' })).toMatchObject(expected);
  expect(read({ ...cdn, ...expected })).toMatchObject(expected);
});

test('a base URL loses the slash at its end, because paths are appended to it', () => {
  expect(read({ baseUrl: 'https://links.example.com/' }).baseUrl).toBe('https://links.example.com');
});

describe('a wrong option is named, with what it must be', () => {
  test.each([
    ['deliverConcurrency', 1, /from 2 to 1000, not 1\.$/],
    ['deliverConcurrency', 1001, /from 2 to 1000/],
    ['deliverConcurrency', '5.5', /a whole number/],
    ['deliverConcurrency', 'many', /not "many"\.$/],
    ['deliverConcurrency', '', /a whole number/],
    ['clickRateLimit', 50, /from 100 to 1000000, not 50\.$/],
    ['clickRateLimit', 'unlimited', /a whole number/],
    ['clickBurstLimit', -1, /from 100 to 1000000/],
    ['clickBurstLimit', 1_000_001, /from 100 to 1000000/],
    ['redirectConcurrency', 0, /from 1 to 100000/],
    ['logRetentionDays', 31, /CloudWatch Logs supports: 1, 3, 5, 7, 14, 30/],
    ['logRetentionDays', 9999, /CloudWatch Logs supports/],
    ['cloudFront', 'yes', /true or false, not "yes"/],
    ['deletionProtection', '', /true or false/],
    ['tracing', 1, /true or false/],
    ['baseUrl', 'links.example.com', /an address without a path/],
    ['baseUrl', 'https://links.example.com/go', /an address without a path/],
    ['baseUrl', 'ftp://links.example.com', /an address without a path/],
    ['domain', 'https://links.example.com', /a lower-case host name/],
    ['domain', 'Links.example.com', /lower-case/],
    ['domain', 'localhost', /a lower-case host name/],
    ['customDomains', 'go.example.com;to.example.com', /with commas between them/],
    ['certificateArn', '1234abcd', /the ARN of a certificate/],
    ['tableName', 'a table', /the name of a DynamoDB table/],
    ['clicksTableName', 'x', /the name of a DynamoDB table/],
    ['clickRetentionDays', 0, /from 1 to 3650, not 0\.$/],
    ['clickRetentionDays', 3_651, /from 1 to 3650/],
    ['clickRetentionDays', 'forever', /a whole number/],
    ['alarmEmail', 'nobody', /an e-mail address/],
    ['edgeSecret', 'too-short', /at least 16 characters/],
    ['edgeSecret', '', /at least 16 characters/],
    ['edgeSecret', 7, /at least 16 characters/],
    ['edgeSecret', 'with spaces in between', /no space/],
    ['otherEdgeSecret', 'too-short', /at least 16 characters/],
  ])('%s: %j', (name, value, sentence) => {
    const reading = () => read({ [name]: value });
    expect(reading).toThrow(new RegExp(`^The context option ${name} must be `));
    expect(reading).toThrow(sentence);
  });

  test('a secret does not appear in the message', () => {
    expect(() => read({ edgeSecret: 'hunter2' })).toThrow(/^((?!hunter2).)*$/s);
  });
});

describe('options that exclude or need each other are rejected together', () => {
  const domain = 'links.example.com';
  test.each([
    [{ domain }, /domain needs certificateArn/],
    [{ certificateArn: CERTIFICATE }, /certificateArn needs domain/],
    [{ domain, certificateArn: CERTIFICATE, baseUrl: 'https://x.example.com' }, /exclude each other/],
    [{ cloudFront: true }, /cloudFront needs edgeSecret/],
    [{ cloudFront: true, edgeSecret: SECRET, domain, certificateArn: CERTIFICATE }, /in us-east-1/],
    [{ customDomains: 'go.example.com' }, /customDomains needs cloudFront and domain/],
    [{ edgeOnly: true }, /edgeOnly needs edgeSecret/],
    [{ otherEdgeSecret: SECRET }, /otherEdgeSecret needs edgeSecret/],
  ])('%j', (context, sentence) => {
    expect(() => read(context)).toThrow(sentence);
  });
});

describe('a name that is not an option', () => {
  test.each([
    ['deliverConcurency', 'deliverConcurrency'],
    ['deliver-concurrency', 'deliverConcurrency'],
    ['DELETIONPROTECTION', 'deletionProtection'],
    ['cloudfront', 'cloudFront'],
    ['domains', 'domain'],
    ['alarmMail', 'alarmEmail'],
    ['logRetentionDay', 'logRetentionDays'],
    ['clickRetentionDay', 'clickRetentionDays'],
  ])('%s is rejected, because %s was probably meant', (name, meant) => {
    expect(() => read({ [name]: true })).toThrow(
      `The context option ${name} does not exist. Did you mean ${meant}?`,
    );
  });

  test.each(['stage', 'vpcId', '@aws-cdk/core:something', 'availability-zones:account=1', 'base'])(
    '%s belongs to another tool and is ignored',
    (name) => {
      expect(read({ [name]: true })).toEqual(read({}));
    },
  );
});

test('options reach their resources', () => {
  const context = {
    clickRateLimit: '6000',
    clickBurstLimit: 3_000,
    deliverConcurrency: 20,
    redirectConcurrency: 100,
    logRetentionDays: 7,
    clickRetentionDays: 90,
    deletionProtection: false,
  };
  const other = Template.fromStack(new ClickhookStack(newApp(context), 'Clickhook'));
  other.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
    DefaultRouteSettings: { ThrottlingRateLimit: 6_000, ThrottlingBurstLimit: 3_000 },
  });
  other.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    ScalingConfig: { MaximumConcurrency: 20 },
  });
  other.hasResourceProperties('AWS::Lambda::Function', {
    Description: Match.stringLikeRegexp('^Sends visitors'),
    ReservedConcurrentExecutions: 100,
  });
  other.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
  other.hasResourceProperties('AWS::Lambda::Function', {
    Description: Match.stringLikeRegexp('^Delivers clicks'),
    Environment: { Variables: Match.objectLike({ CLICKHOOK_CLICK_RETENTION_DAYS: '90' }) },
  });
  other.allResources('AWS::DynamoDB::GlobalTable', {
    DeletionPolicy: 'Delete',
    Properties: {
      Replicas: [
        Match.objectLike({
          DeletionProtectionEnabled: false,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        }),
      ],
    },
  });
});

test('another table name replaces the main table in every variable and permission', () => {
  const other = Template.fromStack(
    new ClickhookStack(newApp({ tableName: 'clickhook-restored' }), 'Clickhook'),
  );
  other.resourceCountIs('AWS::DynamoDB::GlobalTable', 1);
  const written = JSON.stringify(other.findResources('AWS::IAM::Policy'));
  expect(written).toContain(':table/clickhook-restored"');
  expect(written).toContain(':table/clickhook-restored/index/byWorkspace"');
  expect(written).not.toContain('TablesMain');
  other.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ CLICKHOOK_TABLE_NAME: 'clickhook-restored' }) },
  });
});

test('another clicks table replaces the stack’s own in every variable and permission', () => {
  const other = Template.fromStack(
    new ClickhookStack(newApp({ clicksTableName: 'clicks-restored' }), 'Clickhook'),
  );
  other.resourceCountIs('AWS::DynamoDB::GlobalTable', 1);
  const written = JSON.stringify(other.findResources('AWS::IAM::Policy'));
  expect(written).toContain(':table/clicks-restored"');
  expect(written).not.toContain('TablesClicks');
  for (const description of ['^Sends visitors', '^Delivers clicks', '^Sends a sample click']) {
    other.hasResourceProperties('AWS::Lambda::Function', {
      Description: Match.stringLikeRegexp(description),
      Environment: { Variables: Match.objectLike({ CLICKHOOK_CLICKS_TABLE_NAME: 'clicks-restored' }) },
    });
  }
});

test('docs/deploy.md has a row for each option, and for nothing else', async () => {
  const text = await readFile(new URL('../../docs/deploy.md', import.meta.url), 'utf8');
  const [, below = ''] = text.split('\n## Options\n');
  const [section = ''] = below.split('\n## ');
  const rows = [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  expect(rows.sort()).toEqual([...OPTIONS].sort());
});
