import { otherPageRefusal } from './cross-site.ts';
import type { ExtraRoute } from './routes.ts';

const CHANGE_NOTHING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Keeps other web pages from what changes something below a path, while the key to it is one that everybody knows. */
export function pageGuard(below: string): ExtraRoute {
  return ({ method = '', headers }, path, _body, response) => {
    if (!path.startsWith(below) || CHANGE_NOTHING.has(method)) return false;
    const refusal = otherPageRefusal(headers);
    if (refusal === undefined) return false;
    response.writeHead(403, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: refusal, code: 'foreign_page' }));
    return true;
  };
}
