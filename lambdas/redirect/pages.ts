import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'private, no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

/** A small page of two fixed sentences: nothing that a visitor sent is ever part of it. */
function page(status: number, title: string, sentence: string, headers: Record<string, string> = {}) {
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { min-height: 90vh; margin: 0; display: grid; place-content: center; padding: 1.5rem; text-align: center; }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; }
p { margin: 0; opacity: .75; }
</style>
</head>
<body>
<main><h1>${title}</h1><p>${sentence}</p></main>
</body>
</html>
`;
  return {
    statusCode: status,
    headers: { ...PAGE_HEADERS, ...headers },
    body,
  } satisfies APIGatewayProxyStructuredResultV2;
}

/** 404: no such link, or one that is switched off. */
export const notFoundPage = () =>
  page(
    404,
    'This link leads nowhere',
    'It may have been mistyped, switched off or removed. Ask whoever gave it to you.',
  );

/** 404: the link has done its service. */
export const expiredPage = () =>
  page(
    404,
    'This link has expired',
    'It led somewhere for a while. Ask whoever gave it to you for a new one.',
  );

/** 405: links are opened, nothing else. */
export const methodNotAllowedPage = () =>
  page(405, 'This link can only be opened', 'Use GET or HEAD.', { allow: 'GET, HEAD' });

/** 503: the link could not be read just now. */
export const unavailablePage = () =>
  page(503, 'One moment, please', 'The link could not be looked up just now. Try again in a few seconds.', {
    'retry-after': '2',
  });
