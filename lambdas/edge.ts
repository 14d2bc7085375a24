import { createHash, timingSafeEqual } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ENV } from './env.ts';
import { ClientError } from './errors.ts';

type Headers = APIGatewayProxyEventV2['headers'];

/** Carries what the CDN and the stack alone know: only beside it are the CDN's other headers believed. */
export const EDGE_SECRET_HEADER = 'x-clickhook-edge-secret';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Whether a request came through the CDN: it carries the secret, or the second one while one replaces the other. */
export function isFromEdge(headers: Headers): boolean {
  const presented = headers[EDGE_SECRET_HEADER];
  if (!presented) return false;
  const secrets = [process.env[ENV.edgeSecret], process.env[ENV.otherEdgeSecret]];
  return secrets.some((secret) => secret && timingSafeEqual(digest(secret), digest(presented)));
}

/**
 * What is wrong with a request that came past the CDN while the stack lets none do so; undefined for any other. Every
 * function behind a route asks this before anything else: an HTTP API has no policy of its own to ask.
 */
export function rejectDirectAccess(headers: Headers): ClientError | undefined {
  if (process.env[ENV.edgeOnly] !== '1' || isFromEdge(headers)) return undefined;
  const baseUrl = process.env[ENV.baseUrl] ?? 'the address that the stack prints as Url';
  return new ClientError(403, 'closed_address', `This address is closed: use ${baseUrl} instead`);
}
