import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { staticFile } from './static-file.ts';

/** The folder of the viewer's files in the function's bundle. */
export const VIEWER_FOLDER = 'viewer';

/** The files of the viewer (swagger-ui-dist), compressed in the bundle, and their types. */
export const VIEWER_FILES: Record<string, string> = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
};

// The viewer's dark colours are behind a class of the page.
const START_SCRIPT = `const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();
const viewer = SwaggerUIBundle({
  url: '/api/v1/openapi.json',
  dom_id: '#viewer',
  deepLinking: true,
  tryItOutEnabled: true,
  persistAuthorization: true,
  onComplete: () => {
    // The key of a new local stack, so that requests work at once. In the cloud, no workspace has it.
    if (location.hostname === 'localhost') viewer.preauthorizeApiKey('apiKey', 'ck_local');
  },
});
`;

const PAGE = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Clickhook API reference</title>
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" href="data:,">
</head>
<body>
<main id="viewer"></main>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

// The viewer writes styles into elements. Scripts and requests must come from this origin.
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function answer(type: string, body: string): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: 200,
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'cache-control': 'no-cache',
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
    },
    body,
  };
}

/** A file of the viewer below /docs, or the page itself for an empty name; null for an unknown name. */
export async function viewerAnswer(
  name: string,
  accepted: string | undefined,
): Promise<APIGatewayProxyStructuredResultV2 | null> {
  if (name === '') return answer('text/html', PAGE);
  if (name === 'start.js') return answer('text/javascript', START_SCRIPT);
  const type = Object.hasOwn(VIEWER_FILES, name) ? VIEWER_FILES[name] : undefined;
  if (type === undefined) return null;
  const headers = { 'cache-control': 'public, max-age=86400' };
  return staticFile({ folder: VIEWER_FOLDER, name, type, accepted, headers });
}
