import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { api } from '../../../lambdas/core/api.ts';
import { logger } from '../../../lambdas/core/telemetry.ts';
import { call } from '../call.ts';
import { type FakeTable, KEY, OTHER_KEY, tableWithWorkspaces } from '../fake-table.ts';

const route = jest.fn(async (request: { workspaceId: number; body: unknown }) => ({
  status: 200,
  body: { workspace: request.workspaceId, got: request.body ?? null },
}));
const handler = api(route as never);
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
let table: FakeTable;

beforeEach(() => {
  table = tableWithWorkspaces();
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
    ['header', { headers: { 'x-api-key': KEY, 'x-workspace-id': '1' } }],
    ['query', { query: `workspace_id=1&api_key=${KEY}` }],
    ['JSON body', { method: 'POST', json: { api_key: KEY, workspace_id: 1 } }],
    ['form body', { method: 'POST', headers: FORM, body: `api_key=${KEY}&workspace_id=1` }],
  ])('is taken as %s', async (_form, options) => {
    expect(await call(handler, { key: '', ...options })).toMatchObject({
      status: 200,
      body: { workspace: 1 },
    });
  });

  test.each([
    ['missing', {}],
    ['unknown', { headers: { authorization: 'Bearer ck_test_nobody' } }],
    ['blank', { headers: { authorization: 'Bearer ' } }],
    ['of another scheme', { headers: { authorization: `Digest ${KEY}` } }],
    ['an object in the body', { method: 'POST', json: { api_key: { a: 1 } } }],
  ])('that is %s is a 401, and the route is not reached', async (_title, options) => {
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
  ])('of another workspace than the %s names is a 404', async (_place, options) => {
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
  ])('of %s reaches the route parsed', async (_title, options, got) => {
    expect((await call(handler, { method: 'POST', ...options })).body.got).toEqual(got);
  });

  test.each([
    ['broken JSON', '{', 400, 'malformed_body'],
    ['more than 1 MB', JSON.stringify('x'.repeat(1024 * 1024)), 413, 'too_large'],
  ])('of %s is refused with a sentence', async (_title, body, status, code) => {
    const answer = await call(handler, { method: 'POST', body });
    expect(answer).toMatchObject({ status, body: { code, error: expect.stringMatching(/: \w/) } });
    expect(route).not.toHaveBeenCalled();
  });
});

test('a table that is down is a 503 to try again, and says nothing of the reason', async () => {
  const log = jest.spyOn(logger, 'error').mockImplementation(() => undefined);
  const ids = jest.spyOn(logger, 'appendKeys');
  table.mock.reset();
  table.mock.rejects(new Error('secret detail'));
  const answer = await call(handler);
  expect(answer).toMatchObject({
    status: 503,
    headers: { 'retry-after': '2' },
    body: { code: 'unavailable' },
  });
  expect(JSON.stringify(answer)).not.toContain('secret detail');
  expect(log).toHaveBeenCalledWith('A request failed', { error: expect.any(Error) });
  expect(ids).toHaveBeenCalledWith(expect.objectContaining({ api_request_id: 'request-1' }));
});
