import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { apiAnswer, clientErrorAnswer } from '../api/answer.ts';
import { rejectDirectAccess } from '../edge.ts';
import { ROUTES } from '../endpoints.ts';
import { ClientError, notFound } from '../errors.ts';
import { DOCUMENT_PATHS } from './endpoints.ts';
import { openApiDocument } from './openapi.ts';
import { DASHBOARD_FOLDER, staticFile } from './static-file.ts';
import { viewerAnswer } from './viewer.ts';

// Created at the first request and kept as long as the function instance.
let document: ReturnType<typeof openApiDocument> | undefined;

/** Serves the OpenAPI document of the REST API, and below /docs a page that shows it. Open to everyone. */
export async function apiDocument({
  rawPath,
  headers,
}: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const closed = rejectDirectAccess(headers);
  if (closed) return clientErrorAnswer(closed);
  if (DOCUMENT_PATHS.includes(rawPath)) {
    document ??= openApiDocument();
    return apiAnswer({ status: 200, body: document, headers: { 'access-control-allow-origin': '*' } });
  }
  const name = rawPath.replace(/^\/docs\/?/, '');
  return (await viewerAnswer(name, headers['accept-encoding'])) ?? clientErrorAnswer(notFound());
}

const TYPES: Record<string, string> = { css: 'text/css', js: 'text/javascript' };

// File names contain a hash of the content, so the content of a name never changes.
const ASSET = /^assets\/[\w-]+\.(css|js)$/;
const FOR_EVER = { 'cache-control': 'public, max-age=31536000, immutable' };

/** The only style that the component library writes into the page. It lets touch scroll over buttons. */
const LIBRARY_STYLE = "'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='";

const PAGE_HEADERS = {
  'cache-control': 'no-cache',
  'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self' ${LIBRARY_STYLE}; img-src 'self' https: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
};

/**
 * Serves the dashboard below /app: its files by their hashed names, and the page for every other path, because the page
 * has its own router.
 */
export async function dashboard({
  rawPath,
  headers,
}: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const closed = rejectDirectAccess(headers);
  if (closed) return clientErrorAnswer(closed);
  const name = rawPath.replace(/^\/app\/?/, '');
  const accepted = headers['accept-encoding'];
  const asset = ASSET.exec(name);
  if (!asset) {
    if (name.startsWith('assets/')) return clientErrorAnswer(notFound());
    const page = { folder: DASHBOARD_FOLDER, name: 'index.html', type: 'text/html', accepted };
    return staticFile({ ...page, headers: PAGE_HEADERS });
  }
  try {
    const type = TYPES[asset[1] ?? ''] ?? '';
    return await staticFile({ folder: DASHBOARD_FOLDER, name, type, accepted, headers: FOR_EVER });
  } catch {
    // The page of an older deployment requests files that no longer exist. A reload loads the newer ones.
    return clientErrorAnswer(notFound());
  }
}

function pattern(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{\w+\+\}/g, '.+').replace(/\{\w+\}/g, '[^/]+')}$`);
}

const patterns = ROUTES.filter(({ method }) => method !== 'ANY').map(({ method, path }) => ({
  method,
  pattern: pattern(path),
}));

/** Answers requests below /api that no route matches: 405 with the methods that exist, else a 404 that
 * differs from that of a missing object. */
export async function unknownRoute(
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  const closed = rejectDirectAccess(event.headers);
  if (closed) return clientErrorAnswer(closed);
  const { method } = event.requestContext.http;
  const allowed = [
    ...new Set(patterns.filter((route) => route.pattern.test(event.rawPath)).map((route) => route.method)),
  ];
  if (allowed.length > 0) {
    const sentence = `${method} is not allowed here. Use ${allowed.join(' or ')}.`;
    return clientErrorAnswer(new ClientError(405, 'method_not_allowed', sentence), {
      allow: allowed.join(', '),
    });
  }
  return clientErrorAnswer(
    new ClientError(
      404,
      'unknown_route',
      'The API has no route with this path. Its routes start with /api/v1. The API reference at /docs lists them.',
    ),
  );
}
