import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { invalidFields, RateLimited } from '../errors.ts';

/** Fields that every call accepts in its body or its query. */
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

/**
 * A key that is the whole Authorization header, as some clients send it. The name of a scheme without its credentials
 * is none.
 */
function bareAuthorization(header: string | undefined): string | undefined {
  const [, bare = ''] = /^\s*(\S+)\s*$/.exec(header ?? '') ?? [];
  return ['', 'bearer', 'basic'].includes(bare.toLowerCase()) ? undefined : bare;
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

/** @throws ClientError 422 for a value that cannot be an id */
function bodyWorkspace(body: unknown): string | undefined {
  const named = bodyText(body, 'workspace_id');
  if (named !== undefined || (bodyField(body, 'workspace_id') ?? null) === null) return named;
  throw invalidFields({ workspace_id: ['must be the id of a workspace: a whole number, such as 5'] });
}

/** The API key of a request, in any of the forms that existing clients use. The first form found is used. */
export function presentedKey(event: APIGatewayProxyEventV2, body: unknown): string | undefined {
  const query = new URLSearchParams(event.rawQueryString);
  return (
    fromAuthorization(event.headers.authorization) ||
    event.headers['x-api-key'] ||
    query.get('api_key') ||
    bodyText(body, 'api_key') ||
    bareAuthorization(event.headers.authorization)
  );
}

/**
 * Every workspace id that the request contains. Each must be the id of the key's own workspace.
 * @throws ClientError 422 when the body contains a value that cannot be an id
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
 * How many calls one key may make per minute to one instance of one function. The count stays in memory, so it costs
 * nothing. All instances together allow more calls, up to the gateway's limits, which apply to the whole API.
 */
export const CALLS_PER_MINUTE = 600;

const WINDOW_MS = 60_000;
/** How many keys are counted separately. Beyond that, the oldest count is dropped. */
const MAX_KEYS = 10_000;

type Window = { endsAtMs: number; calls: number };

// Lives as long as the function instance. It has a window for each key, including wrong keys.
const windows = new Map<string, Window>();

/**
 * Counts a call of a key before anything is read for the call.
 * @throws RateLimited when the key has used up its calls for this minute
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
  const sentence = `This key has made ${window.calls} calls in one minute. The limit is ${CALLS_PER_MINUTE}. Try again in ${seconds} s.`;
  throw new RateLimited(sentence, window.calls, CALLS_PER_MINUTE, seconds);
}
