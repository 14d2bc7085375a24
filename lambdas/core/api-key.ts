import { createHash, randomBytes } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

const KEY_PREFIX = 'ck_';

/** A new API key: 32 random bytes behind `ck_`. It is shown once and never stored. */
export function generateApiKey(): string {
  return KEY_PREFIX + randomBytes(32).toString('base64url');
}

/** What is stored of a key. A plain hash is enough: 32 random bytes can't be guessed. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function basicUser(encoded: string): string {
  const credentials = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = credentials.indexOf(':');
  return colon === -1 ? credentials : credentials.slice(0, colon);
}

function fromAuthorization(header: string | undefined): string | undefined {
  const [, scheme = '', credentials = ''] = /^(\S+)\s+(\S+)\s*$/.exec(header ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return credentials;
  if (scheme.toLowerCase() === 'basic') return basicUser(credentials);
  return undefined;
}

/** A text field of a parsed body. */
function bodyText(body: unknown, field: string): string | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const value = (body as Record<string, unknown>)[field];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** The key a request carries, in any of the forms existing clients use; the first that is there counts. */
export function presentedKey(event: APIGatewayProxyEventV2, body: unknown): string | undefined {
  const query = new URLSearchParams(event.rawQueryString);
  return (
    fromAuthorization(event.headers.authorization) ||
    event.headers['x-api-key'] ||
    query.get('api_key') ||
    bodyText(body, 'api_key') ||
    undefined
  );
}

/** Every workspace id that the request names outside of its path: all must be the key's own. */
export function namedWorkspaces(event: APIGatewayProxyEventV2, body: unknown): string[] {
  const query = new URLSearchParams(event.rawQueryString);
  const named = [
    event.headers['x-workspace-id'],
    ...query.getAll('workspace_id'),
    ...[body].flat().map((one) => bodyText(one, 'workspace_id')),
    event.pathParameters?.workspace_id,
  ];
  return named.filter((id): id is string => id !== undefined && id !== '');
}
