import { expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { API_ROUTES } from '../../../lambdas/endpoints.ts';
import { openApiDocument } from '../../../lambdas/site/openapi.ts';

test('the document is valid OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate(
    openApiDocument() as object as Record<string, unknown>,
  );
  expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
});

test('it has every route of the API, and no other', () => {
  const routes = API_ROUTES.map(({ method, path }) => `${method.toLowerCase()} ${path.replace('+}', '}')}`);
  const operations = Object.entries(openApiDocument().paths).flatMap(([path, methods]) =>
    Object.keys(methods as object).map((method) => `${method} ${path}`),
  );
  expect(routes.length).toBeGreaterThan(20);
  expect(operations.sort()).toEqual([...routes].sort());
});
