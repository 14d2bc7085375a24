import type { IncomingHttpHeaders } from 'node:http';

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
 * As `crossSiteRefusal`, and refuses any `Host` that is not a name of this machine: the name of a web page's own site
 * can be made to lead here (DNS rebinding), and to a browser all is of one origin then.
 */
export function foreignRefusal(headers: IncomingHttpHeaders): string | undefined {
  const refusal = crossSiteRefusal(headers);
  if (refusal !== undefined || LOOPBACK_HOST.test(headers.host ?? '')) return refusal;
  return 'This address is for programs on this machine: send the request to localhost or 127.0.0.1';
}
