import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { clientErrorAnswer } from '../api/answer.ts';
import { closedAddress } from '../edge.ts';
import { notFound } from '../errors.ts';
import { staticFile } from './static-file.ts';

/** The folder of the built page in the function's bundle. */
export const DASHBOARD_FOLDER = 'app';

const TYPES: Record<string, string> = { css: 'text/css', js: 'text/javascript' };

// Names hold a hash of the content: a name never means anything else.
const ASSET = /^assets\/[\w-]+\.(css|js)$/;
const FOR_EVER = { 'cache-control': 'public, max-age=31536000, immutable' };

/** The one style that the component library writes into the page: it lets touch scroll over buttons. */
const LIBRARY_STYLE = "'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='";

const PAGE_HEADERS = {
  'cache-control': 'no-cache',
  'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self' ${LIBRARY_STYLE}; img-src 'self' https: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
};

/** Serves the dashboard below /app: its files by their hashed names, for any other path the page, which knows its paths. */
export async function handler({
  rawPath,
  headers,
}: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const closed = closedAddress(headers);
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
    // A page of an older deployment asks for files that are gone: a reload brings the newer ones.
    return clientErrorAnswer(notFound());
  }
}
