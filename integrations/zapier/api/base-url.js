/** Hosts that need no TLS, because no network is between. Zapier cannot reach them: the app's tests do. */
const OWN_MACHINE = new Set(['localhost', '127.0.0.1']);

/**
 * The origin of a Clickhook, from what a person entered: any of its addresses, with or without `https://`.
 * @returns {string | null} without a slash at its end; null if this cannot be the address of a Clickhook
 */
export function baseUrlOf(entered) {
  const text = String(entered ?? '').trim();
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(full)) return null;
  const { protocol, hostname, origin } = new URL(full);
  if (protocol === 'https:' || (protocol === 'http:' && OWN_MACHINE.has(hostname))) return origin;
  return null;
}
