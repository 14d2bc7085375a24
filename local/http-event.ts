import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ACCOUNT_ID } from './intrinsics.ts';

/** The path as the gateway sees it: decoded before routing, cut off at an encoded `?`, with `//` folded. */
export function gatewayPath(rawTarget: string): { path: string; rawQueryString: string } {
  const mark = rawTarget.indexOf('?');
  const encoded = mark === -1 ? rawTarget : rawTarget.slice(0, mark);
  const rawQueryString = mark === -1 ? '' : rawTarget.slice(mark + 1);
  let decoded = encoded;
  try {
    decoded = decodeURIComponent(encoded);
  } catch {
    // A path that cannot be decoded reaches the function unchanged.
  }
  const path = (decoded.split('?', 1)[0] ?? '').replaceAll(/\/{2,}/g, '/');
  return { path: path.startsWith('/') ? path : `/${path}`, rawQueryString };
}

function joinedHeaders(request: IncomingMessage): Record<string, string> {
  const entries = Object.entries(request.headersDistinct).filter(([name]) => name !== 'cookie');
  return Object.fromEntries(entries.map(([name, values]) => [name, (values ?? []).join(',')]));
}

function joinedQuery(rawQueryString: string): Record<string, string> {
  const joined = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(joined);
}

const TEXT_TYPES = /^(text\/|application\/(json|javascript|xml|[\w.-]+\+(json|xml)))/i;

function bodyFields(
  body: Buffer,
  contentType: string | undefined,
): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  // Bytes that are not text arrive unchanged, so that the function can report them.
  const isText = (contentType === undefined || TEXT_TYPES.test(contentType)) && isUtf8(body);
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}

/** A payload-2.0 event. Absent fields are left out. */
export function httpEvent(
  request: IncomingMessage,
  body: Buffer,
  match: { routeKey: string; pathParameters: Record<string, string> },
): APIGatewayProxyEventV2 {
  const { path, rawQueryString } = gatewayPath(request.url ?? '/');
  const headers = joinedHeaders(request);
  const now = new Date();
  const cookies = request.headers.cookie?.split(/;\s*/);
  return {
    version: '2.0',
    routeKey: match.routeKey,
    rawPath: path,
    rawQueryString,
    ...(cookies ? { cookies } : {}),
    headers,
    ...(rawQueryString ? { queryStringParameters: joinedQuery(rawQueryString) } : {}),
    requestContext: {
      accountId: ACCOUNT_ID,
      apiId: 'local',
      domainName: (headers.host ?? 'localhost').replace(/:\d+$/, ''),
      domainPrefix: 'local',
      http: {
        method: request.method ?? 'GET',
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: (request.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, ''),
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: match.routeKey,
      stage: '$default',
      time: now.toUTCString(),
      timeEpoch: now.getTime(),
    },
    ...(Object.keys(match.pathParameters).length > 0 ? { pathParameters: match.pathParameters } : {}),
    ...bodyFields(body, headers['content-type']),
  };
}
