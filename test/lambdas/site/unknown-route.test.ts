import { expect, test } from '@jest/globals';
import { notFound } from '../../../lambdas/errors.ts';
import { unknownRoute as handler } from '../../../lambdas/site/handlers.ts';
import { call } from '../call.ts';

test.each([
  ['PUT', '/api/v1/link', 'POST'],
  ['DELETE', '/api/v1/link', 'POST'],
  ['PATCH', '/api/v1/link/1/webhooks', 'GET, POST, DELETE'],
  ['GET', '/api/v1/link/1/webhooks/https://example.com/', 'DELETE'],
  ['POST', '/api/v1/workspaces', 'GET'],
  ['GET', '/api/v1/links', 'POST'],
  ['DELETE', '/api/v1/test', 'GET, POST'],
  ['POST', '/api/openapi', 'GET, HEAD'],
])('%s %s is a 405 that names the possible methods', async (method, path, allow) => {
  const answer = await call(handler, { method, path });
  expect(answer).toMatchObject({ status: 405, headers: { allow }, body: { code: 'method_not_allowed' } });
});

test.each([
  ['/api'],
  ['/api/v1'],
  ['/api/v2/link'],
  ['/api/v1/zapier/hooks'],
  ['/api/v1/workspace/1/conversions'],
  ['/api/v1/link/'],
  ['/api/v1/link/1/2'],
])('%s is a 404 that speaks of the route, and differs from that of a missing link', async (path) => {
  const { status, body } = await call(handler, { path });
  expect([status, body]).toEqual([
    404,
    {
      error:
        'The API has no route with this path. Its routes start with /api/v1. The API reference at /docs lists them.',
      code: 'unknown_route',
    },
  ]);
  expect(body.error).not.toMatch(/not found|link/i);
  expect(body.code).not.toBe(notFound().code);
});
