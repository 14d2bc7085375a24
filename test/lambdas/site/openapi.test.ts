import { expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { API_ROUTES } from '../../../lambdas/api/routes.ts';
import { openApiDocument } from '../../../lambdas/site/openapi.ts';
import { OPERATIONS } from '../../../lambdas/site/operations.ts';

test('the document is valid OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate(
    openApiDocument() as object as Record<string, unknown>,
  );
  expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
});

test('it has every route of the API, and no other', () => {
  const routes = API_ROUTES.map(({ method, path }) => `${method} ${path}`);
  expect(Object.keys(OPERATIONS).sort()).toEqual([...routes].sort());
});
