import type { IncomingHttpHeaders } from 'node:http';
import type { ExtraRoute } from './routes.ts';

/** The Sec-Fetch-Site values of a request that a person typed in, or that a page of this origin sent. */
const OWN_SITES = new Set(['same-origin', 'none']);

/**
 * Says why a request must not change anything on this machine; undefined when it may. Every web page that is open in a
 * browser on this machine can reach what no key protects here. Browsers add `Origin` to what such a page posts, and
 * `Sec-Fetch-Site` to all its requests. Programs send neither. Another port of this machine is the same site but not
 * the same origin, so it counts as foreign too.
 */
export function crossSiteRefusal(headers: IncomingHttpHeaders): string | undefined {
  const site = headers['sec-fetch-site'];
  const isForeign = site !== undefined && !OWN_SITES.has(String(site).trim().toLowerCase());
  if (headers.origin === undefined && !isForeign) return undefined;
  return 'Web pages must not send this request. Send it from a program, without Origin and Sec-Fetch-Site headers.';
}

const LOOPBACK_HOST =
  /^(localhost|[\w.-]+\.localhost|127(\.\d{1,3}){3}|\[::1\]|\[::ffff:127(\.\d{1,3}){3}\])\.?(:\d+)?$/i;

/**
 * Rejects any `Host` that is not a name of this machine. A web page can make its own host name resolve to this machine
 * (DNS rebinding), and the browser then treats all requests as same-origin.
 */
export function hostRefusal(headers: IncomingHttpHeaders): string | undefined {
  if (LOOPBACK_HOST.test(headers.host ?? '')) return undefined;
  return 'Only programs on this machine may use this address. Send the request to localhost or 127.0.0.1.';
}

/** Rejects requests from web pages, by their headers or their host. */
export function foreignRefusal(headers: IncomingHttpHeaders): string | undefined {
  return crossSiteRefusal(headers) ?? hostRefusal(headers);
}

/**
 * Rejects requests from pages of another origin, and from any page that used a foreign host name. For calls with the
 * default key, which everyone knows and which therefore protects nothing.
 */
export function otherPageRefusal(headers: IncomingHttpHeaders): string | undefined {
  const { origin, host } = headers;
  const isOwn = origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
  if (isOwn) return hostRefusal(headers);
  if (crossSiteRefusal(headers) === undefined) return undefined;
  return 'Other web pages must not change anything here with the default key. Set CLICKHOOK_API_KEY to your own key.';
}

const CHANGE_NOTHING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Protects the calls below a path from other web pages, as long as the API key is the default that everyone knows. */
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
