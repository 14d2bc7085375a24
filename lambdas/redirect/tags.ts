import type { Link } from '../links/link.ts';
import { type Html, html, type Policy, sourceOf, trustedHtml } from './html.ts';

/** The tags that a link's owner has set, and what the page that loads them needs. */
export type Tags = {
  head: Html;
  body: Html;
  /** Continues to the destination. It comes before all tags, so that a broken tag cannot stop the visitor. */
  onward: (destination: string) => Html;
  policy: Policy;
  headers: Record<string, string>;
};

/** The visitor continues when everything has loaded, and at the latest after this time. */
const LONGEST_WAIT_MS = 1_500;

// Constants, so that the policy can allow them by their hashes. Values that differ are in data attributes. Like
// browsers after a redirect, these pages keep a fragment unless the destination has its own.
const ONWARD_SCRIPT = `{
const { destination } = document.currentScript.dataset;
const go = () => location.replace(destination.includes('#') ? destination : destination + location.hash);
addEventListener('load', go);
setTimeout(go, ${LONGEST_WAIT_MS});
}`;
const TAG_MANAGER_SCRIPT = `{
const { ga4, gtm } = document.currentScript.dataset;
window.dataLayer ??= [];
const tell = function () { dataLayer.push(arguments); };
if (ga4) { tell('js', new Date()); tell('config', ga4); }
if (gtm) dataLayer.push({ event: 'gtm.js', 'gtm.start': Date.now() });
}`;

const GOOGLE = 'https://www.googletagmanager.com';
const ANALYTICS =
  'https://*.google-analytics.com https://*.analytics.google.com https://*.googletagmanager.com';
const FACEBOOK = 'https://www.facebook.com';

/** Allows what Google Analytics and the pixel need, and nothing that a link's owner could write. */
const PIXEL_POLICY: Policy = {
  'script-src': `${sourceOf(ONWARD_SCRIPT)} ${sourceOf(TAG_MANAGER_SCRIPT)} ${GOOGLE}`,
  'img-src': `${FACEBOOK} ${ANALYTICS}`,
  'connect-src': ANALYTICS,
};

/** On a host that all workspaces share, the tags of one workspace must not reach anything of the host's origin. */
const SANDBOX =
  'sandbox allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox allow-top-navigation';

function onward(destination: string): Html {
  return html`<script data-destination="${destination}">${trustedHtml(ONWARD_SCRIPT)}</script>
<noscript><meta http-equiv="refresh" content="0; url=${destination}"></noscript>`;
}

function googleTags({ ga4_tag_id: ga4, gtm_id: gtm }: Link): Html[] {
  if (ga4 === null && gtm === null) return [];
  const sources = [
    ga4 === null ? [] : [html`<script async src="${GOOGLE}/gtag/js?id=${ga4}"></script>`],
    gtm === null ? [] : [html`<script async src="${GOOGLE}/gtm.js?id=${gtm}"></script>`],
  ];
  const start = html`<script data-ga4="${ga4 ?? ''}" data-gtm="${gtm ?? ''}">${trustedHtml(TAG_MANAGER_SCRIPT)}</script>`;
  return [start, ...sources.flat()];
}

function pixel({ fb_pixel_id: id }: Link): Html[] {
  if (id === null) return [];
  return [
    html`<img src="${FACEBOOK}/tr?id=${id}&amp;ev=PageView&amp;noscript=1" alt="" width="1" height="1">`,
  ];
}

const owned = (text: string | null) => (text === null ? [] : [trustedHtml(text)]);

/** Whether the link's page runs foreign code: the owner's HTML, or the contents of a tag manager's container. */
export function runsForeignCode(link: Pick<Link, 'head_tags' | 'body_tags' | 'gtm_id'>): boolean {
  return link.head_tags !== null || link.body_tags !== null || link.gtm_id !== null;
}

/**
 * The policy header for foreign code, which is isolated on a shared host. Pixels need none, because their sources are
 * known.
 */
function policyHeaders(link: Link): Record<string, string> {
  if (!runsForeignCode(link)) return {};
  const apart = link.domain === null ? `${SANDBOX}; ` : '';
  return { 'content-security-policy': `${apart}frame-ancestors 'none'` };
}

/** The tags of a link; null if it has none. */
export function tagsOf(link: Link): Tags | null {
  const { fb_pixel_id, ga4_tag_id } = link;
  if (!runsForeignCode(link) && fb_pixel_id === null && ga4_tag_id === null) return null;
  return {
    head: html`${[...googleTags(link), ...owned(link.head_tags)]}`,
    body: html`${[...pixel(link), ...owned(link.body_tags)]}`,
    onward,
    policy: PIXEL_POLICY,
    headers: policyHeaders(link),
  };
}
