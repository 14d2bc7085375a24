import type { IncomingMessage } from 'node:http';
import type { ExtraRoute } from './gateway.ts';

type Recorded = {
  received_at: string;
  method: string;
  path: string;
  query: string;
  headers: Record<string, unknown>;
  body: unknown;
};

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

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

function entry({ received_at, method, path, body }: Recorded): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body, null, 2);
  return `<article><h2>${escaped(method)} ${escaped(path)}</h2><p><time>${received_at}</time></p><pre>${escaped(text)}</pre></article>`;
}

function page(requests: Recorded[]): string {
  const empty =
    '<p>Nothing has come in yet. Click a link: <code>curl -i localhost:PORT/hello</code>, with the port of this page.</p>';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="2">
<title>Inbox: ${requests.length} requests</title>
<style>
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 50rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
article { border: 1px solid #8886; border-radius: .5rem; padding: .75rem 1rem; margin: 0 0 1rem; }
article p { margin: 0; opacity: .7; font-size: .875rem; }
pre { overflow-x: auto; margin: .5rem 0 0; font-size: .875rem; }
</style>
</head>
<body>
<h1>Inbox</h1>
<p>The last ${KEPT} requests to <code>/inbox/…</code>, newest first. The page refreshes itself.</p>
${requests.map(entry).join('\n') || empty}
</body>
</html>
`;
}

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  'x-content-type-options': 'nosniff',
};

function wantsHtml(request: IncomingMessage): boolean {
  return (request.headers.accept ?? '').includes('text/html');
}

/** An inbox for webhooks: `/inbox/<anything>` is recorded, `/inbox` shows the last 100, newest first. */
export function createInbox(): ExtraRoute {
  const requests: Recorded[] = [];
  return (request, path, body, response) => {
    if (path === '/inbox' || path === '/inbox/') {
      if (wantsHtml(request)) response.writeHead(200, PAGE_HEADERS).end(page(requests));
      else
        response
          .writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
          .end(JSON.stringify(requests, null, 2));
      return true;
    }
    if (!path.startsWith('/inbox/')) return false;
    const query = (request.url ?? '').split('?').slice(1).join('?');
    const received_at = new Date().toISOString();
    requests.unshift({
      received_at,
      method: request.method ?? '',
      path,
      query,
      headers: request.headers,
      body: parsed(body),
    });
    requests.length = Math.min(requests.length, KEPT);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
    return true;
  };
}
