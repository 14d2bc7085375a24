import { createHash } from 'node:crypto';

/** A request that the inbox received. `received_at` is ISO 8601. */
export type Recorded = {
  received_at: string;
  method: string;
  path: string;
  query: string;
  headers: Record<string, unknown>;
  body: unknown;
};

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 50rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
article { border: 1px solid #8886; border-radius: .5rem; padding: .75rem 1rem; margin: 0 0 1rem; }
article p { margin: 0; font-size: .875rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .5rem 0; font-size: .875rem; }
button { font: inherit; font-size: .875rem; padding: .25rem .75rem; min-height: 2rem; }
`;

/** Shows the recorded requests and each new one, newest first. All of them are inserted as text. */
const SCRIPT = `
const list = document.getElementById('requests');
const summary = document.getElementById('summary');
const element = (name, text) => Object.assign(document.createElement(name), { textContent: text });
const show = ({ received_at, method, path, query, body }) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body, null, 2);
  const article = document.createElement('article');
  const time = element('time', new Date(received_at).toLocaleString());
  time.dateTime = received_at;
  const when = document.createElement('p');
  when.append(time);
  const copy = element('button', 'Copy');
  copy.setAttribute('aria-label', 'Copy the body of ' + method + ' ' + path);
  copy.onclick = async () => { await navigator.clipboard.writeText(text); copy.textContent = 'Copied'; };
  article.append(element('h2', method + ' ' + path + (query ? '?' + query : '')), when, element('pre', text), copy);
  list.prepend(article);
  while (list.children.length > 100) list.lastElementChild.remove();
  summary.textContent =
    list.children.length === 1 ? '1 request.' : list.children.length + ' requests, newest first.';
};
JSON.parse(document.getElementById('stored').textContent).reverse().forEach(show);
new EventSource('/inbox').onmessage = ({ data }) => show(JSON.parse(data));
`;

const sourceOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Headers of the page: its own style and script, requests to its own origin, and nothing else. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src ${sourceOf(STYLE)}; script-src ${sourceOf(SCRIPT)}; connect-src 'self'; img-src data:; base-uri 'none'`,
  'x-content-type-options': 'nosniff',
};

/** The requests as JSON that cannot end the script element. */
const embedded = (requests: Recorded[]) => JSON.stringify(requests).replaceAll('<', '\\u003c');

/** The page of the inbox. It updates itself as requests arrive. */
export function inboxPage(requests: Recorded[]): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Inbox</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Inbox</h1>
<p>Requests to <code>/inbox/…</code> appear here at once. The inbox keeps the last 100.</p>
<p role="status" id="summary">No deliveries yet. Click a link, such as <a href="/hello">/hello</a>.</p>
<div id="requests"></div>
</main>
<script type="application/json" id="stored">${embedded(requests)}</script>
<script>${SCRIPT}</script>
</body>
</html>
`;
}
