import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Environment } from './function-instance.ts';
import { type RuntimeStack, startRuntimeStack } from './runtime-stack.ts';

let stack: RuntimeStack;

beforeAll(async () => {
  stack = await startRuntimeStack();
});

afterAll(() => stack.close());

const linesOf = (output: string) => output.split('\n').filter(Boolean);

/** Lines of the functions: each is JSON in either format. */
function logLines(output: string): Record<string, any>[] {
  const lines = linesOf(output).map((line) => JSON.parse(line));
  return lines.filter((line) => !('_aws' in line));
}

// What Lambda sets for each log format of a function.
const FORMATS: [format: string, environment: Environment][] = [
  ['Text', { AWS_LAMBDA_LOG_FORMAT: 'Text', AWS_LAMBDA_LOG_LEVEL: undefined }],
  ['JSON', { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: 'INFO' }],
];

describe.each(FORMATS)('with the log format %s', (format, environment) => {
  test('each log line of a request has the ids of its invocation, of the gateway and of the trace', async () => {
    const instance = await stack.start('Redirect', environment);
    const { event } = stack.route({ method: 'GET', path: '/sale' });
    const events = [event, stack.route({ method: 'GET', path: '/other' }).event] as APIGatewayProxyEventV2[];
    stack.dynamoDb.setDown(true);
    const expected = [];
    for (const one of events) {
      const { requestId, traceRoot } = await instance.invoke(one);
      const ids = {
        request_id: requestId,
        api_request_id: one.requestContext.requestId,
        xray_trace_id: traceRoot,
      };
      expected.push({ level: 'ERROR', message: 'A link could not be read.', ...ids });
    }
    stack.dynamoDb.setDown(false);
    const output = await instance.stop();
    expect(logLines(output)).toMatchObject(expected);
    expect(output).not.toContain('8.8.8.8');
  });

  test('the log line of a failed API call has the ids of its invocation and of the gateway', async () => {
    const { name, event } = stack.route({
      method: 'GET',
      path: '/api/v1/workspaces',
      headers: { authorization: `Bearer ck_${'a'.repeat(40)}` },
    });
    const instance = await stack.start(name, environment);
    stack.dynamoDb.setDown(true);
    const { requestId } = await instance.invoke(event).finally(() => stack.dynamoDb.setDown(false));
    const { requestContext } = event as APIGatewayProxyEventV2;
    expect(logLines(await instance.stop())).toMatchObject([
      { level: 'ERROR', request_id: requestId, api_request_id: requestContext.requestId },
    ]);
  });

  test('a log line of a batch has the id of its invocation', async () => {
    const instance = await stack.start('Deliver', environment);
    const { requestId } = await instance.invoke({ Records: [{ messageId: 'm-1', body: 'junk' }] });
    expect(logLines(await instance.stop())).toMatchObject([{ request_id: requestId, message_id: 'm-1' }]);
  });

  test('counts are lines that CloudWatch reads as metrics', async () => {
    const instance = await stack.start('Deliver', environment);
    await instance.invoke({ Records: [{ messageId: 'm-1', body: 'junk' }] });
    const lines = linesOf(await instance.stop()).map((line) => JSON.parse(line));
    expect(lines.filter((line) => '_aws' in line)).toMatchObject([
      { MessageMalformed: 1, _aws: { CloudWatchMetrics: [{ Namespace: 'Clickhook' }] } },
    ]);
  });

  test('a handler that throws reports the error, and its line has the id of the invocation', async () => {
    const instance = await stack.start('WorkspacesCreate', { ...environment, CLICKHOOK_TABLE_NAME: '' });
    const invoked = await instance.invoke({ name: 'Never' });
    const [line = '', ...others] = linesOf(await instance.stop());
    expect(others).toEqual([]);
    expect(line).toContain(invoked.requestId);
    expect(format === 'JSON' ? JSON.parse(line).level : line.split('\t')[2]).toBe('ERROR');
    // Source maps: the trace names the sources.
    expect(invoked).toMatchObject({
      error: {
        errorMessage: expect.stringContaining('CLICKHOOK_TABLE_NAME'),
        trace: expect.arrayContaining([expect.stringMatching(/lambdas\/\S+\.ts:\d+/)]),
      },
    });
  });
});
