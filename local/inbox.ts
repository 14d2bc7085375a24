import type { IncomingMessage, ServerResponse } from 'node:http';
import { crossSiteRefusal, hostRefusal } from './cross-site.ts';
import { inboxPage, PAGE_HEADERS, type Recorded } from './inbox-page.ts';
import type { ExtraRoute } from './routes.ts';

const KEPT = 100;
const MAX_BODY_BYTES = 256 * 1024;

function parsed(body: Buffer): unknown {
  if (body.length > MAX_BODY_BYTES)
    return `${body.subarray(0, MAX_BODY_BYTES).toString()} … (cut off at 256 KB)`;
  try {
    return JSON.parse(body.toString());
  } catch {
    return body.toString();
  }
}

function recorded(request: IncomingMessage, path: string, body: Buffer): Recorded {
  return {
    received_at: new Date().toISOString(),
    method: request.method ?? '',
    path,
    query: (request.url ?? '').split('?').slice(1).join('?'),
    headers: request.headers,
    body: parsed(body),
  };
}

const NO_STORE = { 'cache-control': 'no-store' };

/** Keeps the connection of a page that shows new requests as they arrive. */
function watch(response: ServerResponse, watchers: Set<ServerResponse>): void {
  response.writeHead(200, { ...NO_STORE, 'content-type': 'text/event-stream' });
  response.flushHeaders();
  watchers.add(response);
  response.on('close', () => watchers.delete(response));
}

/** `/inbox` in the format that the client accepts: a page, the requests as JSON, or new ones as server-sent events. */
function show(
  request: IncomingMessage,
  response: ServerResponse,
  requests: Recorded[],
  watchers: Set<ServerResponse>,
): void {
  const accepted = request.headers.accept ?? '';
  if (accepted.includes('text/event-stream')) watch(response, watchers);
  else if (accepted.includes('text/html')) response.writeHead(200, PAGE_HEADERS).end(inboxPage(requests));
  else {
    response.writeHead(200, { ...NO_STORE, 'content-type': 'application/json' });
    response.end(JSON.stringify(requests, null, 2));
  }
}

function refuse(response: ServerResponse, message: string): void {
  response.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
}

/**
 * An inbox for webhooks: requests to `/inbox/<anything>` are recorded, and `/inbox` shows the last 100, newest first.
 * Requests from a page of another origin are not recorded, because they could push out real deliveries.
 */
export function createInbox(): ExtraRoute {
  const requests: Recorded[] = [];
  const watchers = new Set<ServerResponse>();
  return (request, path, body, response) => {
    if (path === '/inbox' || path === '/inbox/') {
      const refusal = hostRefusal(request.headers);
      if (refusal !== undefined) refuse(response, refusal);
      else show(request, response, requests, watchers);
      return true;
    }
    if (!path.startsWith('/inbox/')) return false;
    const refusal = crossSiteRefusal(request.headers);
    if (refusal !== undefined) {
      refuse(response, refusal);
      return true;
    }
    const one = recorded(request, path, body);
    requests.unshift(one);
    requests.length = Math.min(requests.length, KEPT);
    for (const watcher of watchers) watcher.write(`data: ${JSON.stringify(one)}\n\n`);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
    return true;
  };
}
