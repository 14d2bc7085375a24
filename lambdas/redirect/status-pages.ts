import { type Html, html } from './html.ts';
import { type Page, type Policy, page } from './page.ts';

/** The look of all pages with words on them: light and dark, from a phone to a desk. */
export const WORDS_STYLE = `
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

/** A page with a heading and what stands below it. */
export function wordsPage(
  status: number,
  title: string,
  below: Html,
  headers: Record<string, string> = {},
  policy: Policy = {},
): Page {
  const body = html`<main><h1>${title}</h1>${below}</main>`;
  return page({ status, title, style: WORDS_STYLE, body, headers, policy });
}

const sentencePage = (status: number, title: string, sentence: string, headers?: Record<string, string>) =>
  wordsPage(status, title, html`<p>${sentence}</p>`, headers);

/** 404: no such link, or one that is switched off. */
export const notFoundPage = () =>
  sentencePage(
    404,
    'This link leads nowhere',
    'It may have been mistyped, switched off or removed. Ask whoever gave it to you.',
  );

/** 404: the link has done its service. */
export const expiredPage = () =>
  sentencePage(
    404,
    'This link has expired',
    'It led somewhere for a while. Ask whoever gave it to you for a new one.',
  );

/** 405: links are opened, nothing else. */
export const methodNotAllowedPage = () =>
  sentencePage(405, 'This link can only be opened', 'Use GET or HEAD.', { allow: 'GET, HEAD, POST' });

/** 503: the link could not be read just now. */
export const unavailablePage = () =>
  sentencePage(
    503,
    'One moment, please',
    'The link could not be looked up just now. Try again in a few seconds.',
    { 'retry-after': '2' },
  );
