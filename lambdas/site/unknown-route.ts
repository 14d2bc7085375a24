import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { clientErrorAnswer } from '../api/answer.ts';
import { API_ROUTES, PAGE_ROUTES } from '../api/routes.ts';
import { closedAddress } from '../edge.ts';
import { ClientError } from '../errors.ts';

function pattern(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{\w+\+\}/g, '.+').replace(/\{\w+\}/g, '[^/]+')}$`);
}

const patterns = [...API_ROUTES, ...PAGE_ROUTES].map(({ method, path }) => ({
  method,
  pattern: pattern(path),
}));

/** Whatever below /api no route takes: 405 with the methods that exist, else 404. */
export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const closed = closedAddress(event.headers);
  if (closed) return clientErrorAnswer(closed);
  const { method } = event.requestContext.http;
  const allowed = [
    ...new Set(patterns.filter((route) => route.pattern.test(event.rawPath)).map((route) => route.method)),
  ];
  if (allowed.length > 0) {
    const sentence = `${method} is not possible here: use ${allowed.join(' or ')}`;
    return clientErrorAnswer(new ClientError(405, 'method_not_allowed', sentence), {
      allow: allowed.join(', '),
    });
  }
  return clientErrorAnswer(
    new ClientError(404, 'not_found', 'There is no such route: check the path, which starts with /api/v1'),
  );
}
