import { expect, test } from '@jest/globals';
import { createRouter } from '../../local/routes.ts';

const KEYS = [
  '$default',
  'ANY /api/{proxy+}',
  'GET /{slug+}',
  'DELETE /api/hooks/{id+}',
  'GET /api/hooks/{id}',
  'GET /api/hooks/all',
  'ANY /api/hooks/{id}',
  'GET /api/hooks',
];
const route = createRouter(KEYS.map((key) => [key, key]));

test.each([
  ['GET', '/api/hooks/all', 'GET /api/hooks/all', {}],
  ['GET', '/api/hooks/7', 'GET /api/hooks/{id}', { id: '7' }],
  ['PUT', '/api/hooks/7', 'ANY /api/hooks/{id}', { id: '7' }],
  ['DELETE', '/api/hooks/https://a.example/x', 'DELETE /api/hooks/{id+}', { id: 'https://a.example/x' }],
  ['GET', '/api/hooks', 'GET /api/hooks', {}],
  ['POST', '/api/hooks', 'ANY /api/{proxy+}', { proxy: 'hooks' }],
  ['GET', '/api/other', 'ANY /api/{proxy+}', { proxy: 'other' }],
  ['GET', '/sale/now', 'GET /{slug+}', { slug: 'sale/now' }],
  ['GET', '/', '$default', {}],
  ['HEAD', '/sale', '$default', {}],
  ['GET', '/api/hooks/', 'ANY /api/{proxy+}', { proxy: 'hooks/' }],
])('%s %s goes to %s', (method, path, routeKey, pathParameters) => {
  expect(route(method, path)).toMatchObject({ route: { routeKey, target: routeKey }, pathParameters });
});

test('without $default a request that matches no route has none', () => {
  expect(createRouter([['GET /a', 'a']])('GET', '/b')).toBeUndefined();
});
