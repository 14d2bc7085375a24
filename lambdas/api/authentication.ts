import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { invalidFields, RateLimited } from '../errors.ts';

/** Fields that any call may have, in its body or its query. */
export const AUTHENTICATION_FIELDS = ['api_key', 'workspace_id'] as const;
type AuthenticationField = (typeof AUTHENTICATION_FIELDS)[number];

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

/** A field of a parsed body. */
function bodyField(body: unknown, field: AuthenticationField): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  return (body as Record<string, unknown>)[field];
}

function bodyText(body: unknown, field: AuthenticationField): string | undefined {
  const value = bodyField(body, field);
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : undefined;
}

/** @throws ClientError 422 for a value that no id can have */
function bodyWorkspace(body: unknown): string | undefined {
  const named = bodyText(body, 'workspace_id');
  if (named !== undefined || (bodyField(body, 'workspace_id') ?? null) === null) return named;
  throw invalidFields({ workspace_id: ['must be the id of a workspace: a whole number, such as 5'] });
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

/**
 * Every workspace id that the request names: all must be the key's own.
 * @throws ClientError 422 when the body has a value that no id can have
 */
export function namedWorkspaces(event: APIGatewayProxyEventV2, body: unknown): string[] {
  const query = new URLSearchParams(event.rawQueryString);
  const named = [
    event.headers['x-workspace-id'],
    ...query.getAll('workspace_id'),
    ...[body].flat().map(bodyWorkspace),
    event.pathParameters?.workspace_id,
  ];
  return named.filter((id): id is string => id !== undefined && id !== '');
}

/**
 * Calls that one key may make in a minute to one instance of one function. Nothing is written for it, so that it costs
 * nothing: all instances together let more through, up to the gateway's own limits, which bound the whole API.
 */
export const CALLS_PER_MINUTE = 600;

const WINDOW_MS = 60_000;
/** Most keys that are counted separately. Beyond that, the oldest one is dropped. */
const MAX_KEYS = 10_000;

type Window = { endsAtMs: number; calls: number };

// Lives as long as the function instance: the window of each key, wrong keys included.
const windows = new Map<string, Window>();

/**
 * Counts a call of a key, before anything is read for it.
 * @throws RateLimited when the key has had its calls of this minute
 */
export function countCall(keySha256: string, nowMs: number = Date.now()): void {
  const known = windows.get(keySha256);
  const window = known && nowMs < known.endsAtMs ? known : { endsAtMs: nowMs + WINDOW_MS, calls: 0 };
  window.calls++;
  if (window !== known) {
    windows.delete(keySha256);
    const [oldest] = windows.keys();
    if (windows.size >= MAX_KEYS && oldest !== undefined) windows.delete(oldest);
    windows.set(keySha256, window);
  }
  if (window.calls <= CALLS_PER_MINUTE) return;
  const seconds = Math.ceil((window.endsAtMs - nowMs) / 1_000);
  const sentence = `This key has made ${window.calls} calls in a minute, and may make ${CALLS_PER_MINUTE}: try again in ${seconds} s`;
  throw new RateLimited(sentence, window.calls, CALLS_PER_MINUTE, seconds);
}
