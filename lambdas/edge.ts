import { createHash, timingSafeEqual } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ENV } from './env.ts';
import { ClientError } from './errors.ts';

type Headers = APIGatewayProxyEventV2['headers'];

/** Carries a secret that only the CDN and the stack know. Without it, the CDN's other headers are not believed. */
export const EDGE_SECRET_HEADER = 'x-clickhook-edge-secret';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Whether a request came through the CDN: it carries the secret, or the other one while the secret is replaced. */
export function isFromEdge(headers: Headers): boolean {
  const presented = headers[EDGE_SECRET_HEADER];
  if (!presented) return false;
  const secrets = [process.env[ENV.edgeSecret], process.env[ENV.otherEdgeSecret]];
  return secrets.some((secret) => secret && timingSafeEqual(digest(secret), digest(presented)));
}

/**
 * The error of a request that did not come through the CDN, if the stack allows no other way; otherwise undefined. Every
 * function behind a route calls this first, because an HTTP API has no policy that could do it.
 */
export function rejectDirectAccess(headers: Headers): ClientError | undefined {
  if (process.env[ENV.edgeOnly] !== '1' || isFromEdge(headers)) return undefined;
  const baseUrl = process.env[ENV.baseUrl] ?? 'the address that the stack prints as Url';
  return new ClientError(403, 'closed_address', `This address is closed: use ${baseUrl} instead`);
}
