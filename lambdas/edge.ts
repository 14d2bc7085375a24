import { createHash, timingSafeEqual } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ENV } from './env.ts';
import { ClientError } from './errors.ts';

type Headers = APIGatewayProxyEventV2['headers'];

/**
 * The header with a secret that only the CDN and the stack know. Without it, the stack ignores the CDN's other headers.
 */
export const EDGE_SECRET_HEADER = 'x-clickhook-edge-secret';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Whether a request came through the CDN: it has the secret, or the other secret while one replaces the other. */
export function isFromEdge(headers: Headers): boolean {
  const presented = headers[EDGE_SECRET_HEADER];
  if (!presented) return false;
  const secrets = [process.env[ENV.edgeSecret], process.env[ENV.otherEdgeSecret]];
  return secrets.some((secret) => secret && timingSafeEqual(digest(secret), digest(presented)));
}

/**
 * The error for a request that bypassed the CDN, if the stack requires the CDN; otherwise undefined. Every function
 * behind a route calls this first, because an HTTP API has no resource policy for it.
 */
export function rejectDirectAccess(headers: Headers): ClientError | undefined {
  if (process.env[ENV.edgeOnly] !== '1' || isFromEdge(headers)) return undefined;
  const baseUrl = process.env[ENV.baseUrl] ?? 'the address in the stack output Url';
  return new ClientError(
    403,
    'closed_address',
    `This address does not accept requests. Use ${baseUrl} instead.`,
  );
}
