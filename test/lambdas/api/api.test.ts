import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { ApiAnswer } from '../../../lambdas/api/answer.ts';
import { handle } from '../../../lambdas/api/api.ts';
import { requiredEnv } from '../../../lambdas/env.ts';
import { invalidFields } from '../../../lambdas/errors.ts';
import { table as client } from '../../../lambdas/table.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import { call } from '../call.ts';
import { engineTable, KEY, OTHER_KEY } from '../engine-table.ts';

const route = jest.fn(
  async (request: { workspaceId: number; sent: unknown }): Promise<ApiAnswer> => ({
    status: 200,
    body: { workspace: request.workspaceId, got: request.sent ?? null },
  }),
);
const handler = handle({ routes: {}, description: 'A call' }, route as never);
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
engineTable();

beforeEach(() => {
  route.mockClear();
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a key', () => {
  test.each([
    ['bearer', { headers: { authorization: `Bearer ${KEY}` } }],
    ['bearer in any case', { headers: { authorization: `bEARER   ${KEY}` } }],
    ['basic', { headers: basic(`${KEY}:`) }],
    ['basic with a password', { headers: basic(`${KEY}:x`) }],
    ['basic without a colon', { headers: basic(KEY) }],
    ['Authorization without a scheme', { headers: { authorization: KEY } }],
    ['Authorization without a scheme, among spaces', { headers: { authorization: ` ${KEY} ` } }],
    [
      'another form beside the bare name of a scheme',
      { headers: { authorization: 'BEARER', 'x-api-key': KEY } },
    ],
    [
      'another form beside an Authorization that is for someone else',
      { headers: { authorization: 'someone-elses-token', 'x-api-key': KEY } },
    ],
    ['header', { headers: { 'x-api-key': KEY, 'x-workspace-id': '1' } }],
    ['query', { query: `workspace_id=1&api_key=${KEY}` }],
    ['JSON body', { method: 'POST', json: { api_key: KEY, workspace_id: 1 } }],
    ['form body', { method: 'POST', headers: FORM, body: `api_key=${KEY}&workspace_id=1` }],
  ])('is accepted as %s', async (_form, options) => {
    expect(await call(handler, { key: '', ...options })).toMatchObject({
      status: 200,
      body: { workspace: 1 },
    });
  });

  test.each([
    ['missing', {}],
    ['unknown', { headers: { authorization: 'Bearer ck_test_nobody' } }],
    ['blank', { headers: { authorization: 'Bearer ' } }],
    ['unknown, without a scheme', { headers: { authorization: 'ck_test_nobody' } }],
    ['in other case, without a scheme', { headers: { authorization: KEY.toUpperCase() } }],
    ['of another scheme', { headers: { authorization: `Digest ${KEY}` } }],
    ['an object in the body', { method: 'POST', json: { api_key: { a: 1 } } }],
  ])('that is %s is a 401, and the handler is not called', async (_title, options) => {
    const answer = await call(handler, { key: '', ...options });
    expect(answer).toMatchObject({ status: 401, body: { error: 'Not authorized', code: 'unauthorized' } });
    expect(route).not.toHaveBeenCalled();
  });

  test.each([
    ['header', { headers: { 'x-workspace-id': '1' } }],
    ['query', { query: 'workspace_id=1' }],
    ['second query value', { query: 'workspace_id=2&workspace_id=1' }],
    ['JSON body', { json: { workspace_id: 1 } }],
    ['form body', { headers: FORM, body: 'workspace_id=1' }],
    ['path', { pathParameters: { workspace_id: '1' } }],
  ])('of another workspace than the one in the %s is a 404', async (_place, options) => {
    const answer = await call(handler, { key: OTHER_KEY, method: 'POST', ...options });
    expect(answer).toMatchObject({ status: 404, body: { error: 'Not found', code: 'not_found' } });
    expect(route).not.toHaveBeenCalled();
  });
});

describe('a body', () => {
  test.each([
    ['JSON', { json: { a: [1] } }, { a: [1] }],
    ['JSON in base64', { body: Buffer.from('{"a":1}').toString('base64'), isBase64Encoded: true }, { a: 1 }],
    ['a form', { headers: FORM, body: 'a=1&b=%26' }, { a: '1', b: '&' }],
    ['JSON that calls itself a form, as curl -d does', { headers: FORM, body: ' {"a":1}' }, { a: 1 }],
    ['blank', { body: '  ' }, null],
  ])('of %s reaches the handler parsed', async (_title, options, got) => {
    expect((await call(handler, { method: 'POST', ...options })).body.got).toEqual(got);
  });

  test.each([
    ['broken JSON', '{', 400, 'malformed_body'],
    ['more than 1 MB', JSON.stringify('x'.repeat(1024 * 1024)), 413, 'too_large'],
  ])('of %s is rejected with a sentence', async (_title, body, status, code) => {
    const answer = await call(handler, { method: 'POST', body });
    expect(answer).toMatchObject({ status, body: { code, error: expect.stringMatching(/\. [A-Z]/) } });
    expect(route).not.toHaveBeenCalled();
  });
});

describe('an error that the client cannot fix', () => {
  const withStatus = (name: string, httpStatusCode: number) =>
    Object.assign(new Error('secret detail'), { name, $metadata: { httpStatusCode } });
  const withCode = (code: string) => Object.assign(new Error('secret detail'), { code });
  const ids = jest.fn();
  let log: jest.SpiedFunction<typeof logger.error>;
  beforeEach(() => {
    log = jest.spyOn(logger, 'error').mockImplementation(() => undefined);
    jest.spyOn(logger, 'appendKeys').mockImplementation(ids);
  });

  async function answerTo(error: unknown, method = 'GET') {
    route.mockRejectedValueOnce(error);
    const answer = await call(handler, { method });
    expect(JSON.stringify(answer)).not.toContain('secret detail');
    expect(log).toHaveBeenCalledWith('A request failed', { error });
    expect(ids).toHaveBeenCalledWith(expect.objectContaining({ api_request_id: 'request-1' }));
    return answer;
  }

  test.each([
    ['a throttled table', withStatus('ProvisionedThroughputExceededException', 400)],
    ['a throttled call', withStatus('ThrottlingException', 400)],
    ['too many calls', withStatus('TooManyRequestsException', 429)],
    ['a fault of AWS', withStatus('InternalServerError', 500)],
    ['a service that is away', withStatus('ServiceUnavailable', 503)],
    ['a transaction that lost', withStatus('TransactionCanceledException', 400)],
    ['no answer in time', withStatus('TimeoutError', 0)],
    ['a broken connection', withCode('ECONNRESET')],
    ['a refused connection', withCode('ECONNREFUSED')],
    ['an error that says nothing', new Error('secret detail')],
  ])('and that is temporary, such as %s, is a 503 that says to try again', async (_title, error) => {
    expect(await answerTo(error)).toMatchObject({
      status: 503,
      headers: { 'retry-after': '2' },
      body: { code: 'unavailable', error: expect.stringContaining('Try again') },
    });
  });

  test('of a call that may have saved something says so', async () => {
    for (const method of ['POST', 'PATCH', 'DELETE']) {
      const { body } = await answerTo(withCode('ECONNRESET'), method);
      expect(body.error).toContain('may or may not have been saved. Check before you try again');
    }
  });

  const missingSetting = () => {
    try {
      return requiredEnv('CLICKHOOK_SECRET_DETAIL');
    } catch (error) {
      return error;
    }
  };
  test.each([
    ['a bug', new TypeError('secret detail')],
    ['a number out of range', new RangeError('secret detail')],
    ['a request that DynamoDB finds invalid', withStatus('ValidationException', 400)],
    ['a missing permission', withStatus('AccessDeniedException', 400)],
    ['a missing table', withStatus('ResourceNotFoundException', 400)],
    ['a refusal without a status', Object.assign(new Error('secret detail'), { $fault: 'client' })],
    ['a missing environment variable', missingSetting()],
    ['something that is no error', 'secret detail'],
  ])('and that is permanent, such as %s, is a 500 that says so', async (_title, error) => {
    const { status, headers, body } = await answerTo(error);
    expect([status, body.code]).toEqual([500, 'internal_error']);
    expect(headers).not.toHaveProperty('retry-after');
    expect(body.error).toContain('a retry does not fix');
    expect(body.error).toContain('request-1');
  });

  test('while the key is read gets the same response', async () => {
    jest.spyOn(client, 'send').mockRejectedValue(withStatus('AccessDeniedException', 400) as never);
    expect(await call(handler)).toMatchObject({ status: 500, body: { code: 'internal_error' } });
    expect(route).not.toHaveBeenCalled();
  });
});

describe('a call that would run longer than its function', () => {
  const endless = () => new Promise<ApiAnswer>(() => undefined);
  const soon = { getRemainingTimeInMillis: () => 510 };
  beforeEach(() => {
    jest.spyOn(logger, 'error').mockImplementation(() => undefined);
  });

  test.each([
    ['GET', 'Try again in a few seconds'],
    ['POST', 'may or may not have been saved. Check before you try again'],
  ])('is ended by an accurate response to %s', async (method, sentence) => {
    route.mockImplementationOnce(endless);
    expect(await call(handler, { method, context: soon })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '2' },
      body: { code: 'unavailable', error: expect.stringContaining(sentence) },
    });
  });

  test('and fails after that response does no harm', async () => {
    let fail: (error: Error) => void = () => undefined;
    route.mockImplementationOnce(
      () =>
        new Promise((_, reject) => {
          fail = reject;
        }),
    );
    expect((await call(handler, { context: soon })).status).toBe(503);
    fail(new Error('late'));
    expect((await call(handler)).status).toBe(200);
  });
});

test('a response lists the first of a hundred thousand errors in a body', async () => {
  const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`f${index}`, ['is wrong']]));
  route.mockRejectedValueOnce(invalidFields(many));
  const { status, body } = await call(handler, { method: 'POST', json: {} });
  expect(status).toBe(422);
  expect(Object.keys(body.errors)).toHaveLength(100);
  expect(body.error).toMatch(/99900 more fields are wrong. Fix these first\.$/);
});
