import { expect, test } from '@jest/globals';
import { accessLogLine } from '../../local/access-log.ts';
import { httpEvent } from '../lambdas/http-event.ts';

const template = (properties: object) => ({
  Resources: {
    Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: properties as Record<string, unknown> },
  },
});
const ANSWERED = { status: 302, bytes: 12, latencyMs: 3 };

test('a line holds what the stage asks for, and - for what it does not know', () => {
  const Format =
    '{"id":"$context.requestId","from":"$context.identity.sourceIp","status":"$context.status","error":"$context.integrationErrorMessage"}';
  const line = accessLogLine(template({ AccessLogSettings: { Format } }));
  expect(JSON.parse(line?.(httpEvent(), ANSWERED) ?? '')).toEqual({
    id: 'request-1',
    from: '198.51.100.7',
    status: '302',
    error: '-',
  });
});

test('a stage without settings logs nothing', () => {
  expect(accessLogLine(template({}))).toBeUndefined();
});
