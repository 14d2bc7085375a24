import type { IncomingHttpHeaders } from 'node:http';
import type { ExtraRoute } from './routes.ts';

/** What browsers say of a request that a person typed in, or that a page of this very origin sent. */
const OWN_SITES = new Set(['same-origin', 'none']);

/**
 * Says why a request must not change anything on this machine; undefined when nothing stands against it. What is
 * guarded by no key here can be reached by every web page that is open in a browser on this machine. Browsers add
 * `Origin` to what such a page posts, and `Sec-Fetch-Site` to all it asks for; programs send neither. Another port
 * of this machine is the same site, but not the same origin, so it counts as foreign too.
 */
export function crossSiteRefusal(headers: IncomingHttpHeaders): string | undefined {
  const site = headers['sec-fetch-site'];
  const isForeign = site !== undefined && !OWN_SITES.has(String(site).trim().toLowerCase());
  if (headers.origin === undefined && !isForeign) return undefined;
  return 'Web pages may not send this request: send it from a program, without Origin and Sec-Fetch-Site headers';
}

const LOOPBACK_HOST =
  /^(localhost|[\w.-]+\.localhost|127(\.\d{1,3}){3}|\[::1\]|\[::ffff:127(\.\d{1,3}){3}\])\.?(:\d+)?$/i;

/**
 * Refuses any `Host` that is not a name of this machine: the name of a web page's own site can be made to lead here
 * (DNS rebinding), and to a browser all is of one origin then.
 */
export function hostRefusal(headers: IncomingHttpHeaders): string | undefined {
  if (LOOPBACK_HOST.test(headers.host ?? '')) return undefined;
  return 'This address is for programs on this machine: send the request to localhost or 127.0.0.1';
}

/** Refuses what comes from a web page, by its headers or by its host. */
export function foreignRefusal(headers: IncomingHttpHeaders): string | undefined {
  return crossSiteRefusal(headers) ?? hostRefusal(headers);
}

/**
 * Refuses what a page of another origin sends, and what any page sends that a foreign host name has led here. For
 * calls whose key everybody knows: that key keeps nobody out.
 */
export function otherPageRefusal(headers: IncomingHttpHeaders): string | undefined {
  const { origin, host } = headers;
  const isOwn = origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
  if (isOwn) return hostRefusal(headers);
  if (crossSiteRefusal(headers) === undefined) return undefined;
  return 'Other web pages may not change anything here with the default key: set CLICKHOOK_API_KEY to a key of your own';
}

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
