import { describe, expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { ClickhookStack } from '../../lib/clickhook-stack.ts';
import { accessLogLine } from '../../local/access-log.ts';
import { httpEvent } from '../lambdas/http-event.ts';
import { newApp } from '../lib/new-app.ts';

const template = (properties: object) => ({
  Resources: {
    Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: properties as Record<string, unknown> },
  },
});
const stageWith = (Format: string) => template({ AccessLogSettings: { Format } });

/** Texts that must be escaped in a JSON string. */
const HOSTILE = [
  'The role "clickhook" is not allowed',
  '","status":"200',
  'a \\ b',
  '\\',
  '"',
  'two\nlines',
  'a\ttab and a bell \u0007',
  '$context.requestId',
  '$& $1 $$',
  '\u0000',
];
const ANSWERED = { status: 302, bytes: 12, latencyMs: 3 };

test('a line contains what the stage asks for, and - for what is unknown', () => {
  const Format =
    '{"id":"$context.requestId","from":"$context.identity.sourceIp","status":"$context.status","error":"$context.integrationErrorMessage","unknown":"$context.authorizer.error"}';
  const line = accessLogLine(template({ AccessLogSettings: { Format } }));
  expect(JSON.parse(line?.(httpEvent(), ANSWERED) ?? '')).toEqual({
    id: 'request-1',
    from: '198.51.100.7',
    status: '302',
    error: '-',
    unknown: '-',
  });
});

test('values are inserted unchanged, as the gateway does', () => {
  const template = stageWith('$context.path|$context.error.messageString|$context.integrationErrorMessage');
  const integrationMessage = 'no "such" \\ thing';
  const error = { responseType: 'INTEGRATION_FAILURE', message: 'Internal Server Error', integrationMessage };
  expect(accessLogLine(template)?.(httpEvent({ path: '/"$&' }), { ...ANSWERED, error })).toBe(
    '/"$&|"Internal Server Error"|no "such" \\ thing',
  );
});

describe('a line of a stack that logs requests is JSON', () => {
  const stack = Template.fromStack(new ClickhookStack(newApp({ accessLog: true }), 'Clickhook'));
  const line = accessLogLine(stack.toJSON() as Parameters<typeof accessLogLine>[0]);

  test.each(HOSTILE)('when a request and an error contain %j', (text) => {
    const event = httpEvent({
      path: `/${text}`,
      query: text,
      method: text,
      headers: { 'user-agent': text, host: text },
    });
    const error = { responseType: 'INTEGRATION_FAILURE', message: text, integrationMessage: text };
    expect(JSON.parse(line?.(event, { status: 500, bytes: 35, latencyMs: 7, error }) ?? '')).toMatchObject({
      requestId: 'request-1',
      route: '$default',
      status: '500',
      gatewayError: 'INTEGRATION_FAILURE',
    });
  });
});

test('a stage without settings logs nothing', () => {
  expect(accessLogLine(template({}))).toBeUndefined();
});
