import type { Link } from '../links/link.ts';
import { type Html, html, type Page, type Policy, page, sourceOf, trustedHtml } from './html.ts';
import { runsForeignCode, type Tags } from './tags.ts';

/** The style of all pages with text: light and dark, for phones and large screens. */
export const TEXT_STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { min-height: 100vh; min-height: 100dvh; box-sizing: border-box; margin: 0; display: grid; place-content: center; padding: 1.5rem; text-align: center; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; }
main { max-width: 32rem; overflow-wrap: anywhere; }
p { margin: 0; }
form { display: grid; gap: .75rem; margin-top: 1.5rem; text-align: left; }
label { display: grid; gap: .25rem; }
input, button { font: inherit; padding: .5rem .75rem; border-radius: .375rem; border: 1px solid GrayText; box-sizing: border-box; width: 100%; }
button { background: CanvasText; color: Canvas; border-color: CanvasText; cursor: pointer; }
:focus-visible { outline: 3px solid LinkText; outline-offset: 2px; }
[role=alert] { font-weight: 600; }
`;

/** A page with a heading and the content below it. */
export function textPage(
  status: number,
  title: string,
  below: Html,
  headers: Record<string, string> = {},
  policy: Policy = {},
): Page {
  const body = html`<main><h1>${title}</h1>${below}</main>`;
  return page({ status, title, style: TEXT_STYLE, body, headers, policy });
}

const sentencePage = (status: number, title: string, sentence: string, headers?: Record<string, string>) =>
  textPage(status, title, html`<p>${sentence}</p>`, headers);

/** 404: the link does not exist or is disabled. */
export const notFoundPage = () =>
  sentencePage(
    404,
    'This link does not work',
    'It may be mistyped, disabled or deleted. Ask the person who sent it to you.',
  );

/** 404: the link has expired. */
export const expiredPage = () =>
  sentencePage(
    404,
    'This link has expired',
    'Its owner has set an end date or a click limit. Ask the person who sent it to you for a new link.',
  );

/** 405: a link accepts no other method. */
export const methodNotAllowedPage = () =>
  sentencePage(405, 'A short link accepts no other method', 'Use GET or HEAD.', { allow: 'GET, HEAD, POST' });

/** 503: the link could not be read. */
export const unavailablePage = () =>
  sentencePage(503, 'This link is not available right now', 'Try again in a few seconds.', {
    'retry-after': '2',
  });

const FRAME_STYLE = 'html, body, iframe { margin: 0; border: 0; width: 100%; height: 100%; display: block; }';

/**
 * Loads the frame with the fragment of the visitor's address, as a redirect would. Until then the frame has no address,
 * so that the destination is loaded only once.
 */
const FRAME_SCRIPT = `{
const frame = document.currentScript.previousElementSibling;
const { destination } = frame.dataset;
frame.src = destination.includes('#') ? destination : destination + location.hash;
}`;

/** Hides the short link and the visitor's referrer from the destination. */
const NO_REFERRER = { 'referrer-policy': 'no-referrer' };

/** The headers that hide where visitors come from. None if the link's owner has not asked for this. */
export function referrerHeaders(link: Pick<Link, 'hide_referrer'>): Record<string, string> {
  return link.hide_referrer ? NO_REFERRER : {};
}

/** The title of a link's page. Never the link's name, which is the owner's own note. */
function titleOf(link: Link, shortUrl: string): string {
  return link.og_title ?? shortUrl;
}

/**
 * Whether a link is cloaked. Two kinds of links that ask for it are not: browsers block a destination without TLS in a
 * page with TLS, and the sandbox for foreign tags on a shared host would also apply to the frame. Both redirect to the
 * destination instead.
 */
export function canCloak(link: Link, shortUrl: string, destination: string): boolean {
  const framed = destination.startsWith('https:') || shortUrl.startsWith('http:');
  return link.cloaking && framed && !(link.domain === null && runsForeignCode(link));
}

/** 200: the destination in a frame that fills the page, so that the address bar keeps the short link. */
export function cloakPage(link: Link, shortUrl: string, destination: string, tags: Tags | null): Page {
  const policy = link.hide_referrer ? html` referrerpolicy="no-referrer"` : [];
  const title = titleOf(link, shortUrl);
  const scripts = [tags?.policy['script-src'], sourceOf(FRAME_SCRIPT)].filter(Boolean).join(' ');
  return page({
    status: 200,
    title,
    style: FRAME_STYLE,
    head: tags?.head ?? html``,
    body: html`${tags?.body ?? []}
<iframe data-destination="${destination}" title="${title}" allow="fullscreen"${policy}></iframe>
<script>${trustedHtml(FRAME_SCRIPT)}</script>
<noscript><iframe src="${destination}" title="${title}" allow="fullscreen"${policy}></iframe></noscript>`,
    policy: { ...tags?.policy, 'script-src': scripts, 'frame-src': 'http: https:' },
    headers: { ...referrerHeaders(link), ...tags?.headers },
  });
}

/** 200: loads the owner's tags, then continues to the destination. */
export function tagsPage(link: Link, shortUrl: string, destination: string, tags: Tags): Page {
  return page({
    status: 200,
    title: titleOf(link, shortUrl),
    style: TEXT_STYLE,
    head: html`${tags.onward(destination)}
${tags.head}`,
    body: html`<main><p><a href="${destination}">Continue</a></p></main>
${tags.body}`,
    policy: tags.policy,
    headers: { ...referrerHeaders(link), ...tags.headers },
  });
}

const og = (property: string, content: string | null) =>
  content === null ? [] : [html`<meta property="${property}" content="${content}">`];

/** Whether the owner has set a title, a description or an image for the preview. */
export function hasPreview(link: Pick<Link, 'og_title' | 'og_description' | 'og_image'>): boolean {
  return link.og_title !== null || link.og_description !== null || link.og_image !== null;
}

/** 200 for social network crawlers: the owner's preview, and a link to the destination. */
export function previewPage(link: Link, shortUrl: string, destination: string): Page {
  const title = titleOf(link, shortUrl);
  const head = html`${[
    ...og('og:type', 'website'),
    ...og('og:url', shortUrl),
    ...og('og:title', title),
    ...og('og:description', link.og_description),
    ...og('og:image', link.og_image),
    html`<meta name="twitter:card" content="${link.og_image === null ? 'summary' : 'summary_large_image'}">`,
    html`<meta http-equiv="refresh" content="0; url=${destination}">`,
  ]}`;
  const body = html`<main><h1>${title}</h1><p>${link.og_description ?? ''}</p><p><a href="${destination}">Continue</a></p></main>`;
  return page({ status: 200, title, style: TEXT_STYLE, head, body, headers: referrerHeaders(link) });
}

// Browsers also apply form-action to the redirect after the form, and that may lead to any site.
const FORM_POLICY = { 'form-action': "'self' http: https:" };

/** Asks for the password of a link. `problem` says what was wrong with the previous attempt. */
export function passwordPage(
  status: number,
  problem: string | null,
  headers: Record<string, string> = {},
): Page {
  const alert = problem === null ? [] : html`<p id="problem" role="alert">${problem}</p>`;
  const described = problem === null ? [] : html` aria-describedby="problem" aria-invalid="true"`;
  const below = html`<p>Ask the person who sent you the link for the password.</p>
<form method="post">
<label>Password
<input type="password" name="password" required autofocus maxlength="255" autocomplete="off"${described}></label>
${alert}
<button type="submit">Continue</button>
</form>`;
  return textPage(status, 'Enter the password for this link', below, headers, FORM_POLICY);
}
