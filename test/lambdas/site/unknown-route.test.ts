import { expect, test } from '@jest/globals';
import { unknownRoute as handler } from '../../../lambdas/site/handlers.ts';
import { call } from '../call.ts';

test.each([
  ['PUT', '/api/v1/link', 'POST'],
  ['DELETE', '/api/v1/link', 'POST'],
  ['PATCH', '/api/v1/link/1/webhooks', 'GET, POST, DELETE'],
  ['GET', '/api/v1/link/1/webhooks/https://example.com/', 'DELETE'],
  ['POST', '/api/v1/workspaces', 'GET'],
])('%s %s is a 405 that names the possible methods', async (method, path, allow) => {
  const answer = await call(handler, { method, path });
  expect(answer).toMatchObject({ status: 405, headers: { allow }, body: { code: 'method_not_allowed' } });
});

test.each([
  ['/api'],
  ['/api/v1'],
  ['/api/v2/link'],
  ['/api/v1/links'],
  ['/api/v1/link/'],
  ['/api/v1/link/1/2'],
])('%s is a 404 in our own format', async (path) => {
  expect(await call(handler, { path })).toMatchObject({
    status: 404,
    body: { code: 'not_found', error: expect.stringContaining('/api/v1') },
  });
});
