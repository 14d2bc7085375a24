import { createHash } from 'node:crypto';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** A piece of HTML that is safe to put into another: only `html` and `trustedHtml` make one. */
export type Html = { readonly html: string };

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// HTML has no way to write these, not even escaped.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNWRITABLE = /[\0-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]/g;

/** Text for an element's content or a quoted attribute. */
function escaped(text: string): string {
  const writable = text.toWellFormed().replace(UNWRITABLE, '\ufffd');
  return writable.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/** HTML from somebody who may write it: a constant of ours, or what a link's owner wants on the link's own page. */
export function trustedHtml(text: string): Html {
  return { html: text };
}

type Value = string | Html | readonly Html[];

function written(value: Value): string {
  if (typeof value === 'string') return escaped(value);
  return 'html' in value ? value.html : value.map(({ html: one }) => one).join('\n');
}

/** HTML with everything put into it escaped, but for what is HTML already. Attributes stand in double quotes. */
export function html(parts: TemplateStringsArray, ...values: Value[]): Html {
  return trustedHtml(String.raw({ raw: parts }, ...values.map(written)));
}

/** An answer with a page. */
export type Page = APIGatewayProxyStructuredResultV2 & { headers: Record<string, string> };

/** One directive of a Content-Security-Policy and what it allows. */
export type Policy = Record<string, string>;

/** The CSP source of an inline style or script: the hash of its very text. */
export function sourceOf(inline: string): string {
  return `'sha256-${createHash('sha256').update(inline).digest('base64')}'`;
}

/** Nothing is loaded, framed or posted unless a page says otherwise. */
const CLOSED: Policy = {
  'default-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
};

/** A policy as a header: ours, with the directives of a page in the place of or beside it. */
export function closedExcept(policy: Policy): string {
  return Object.entries({ ...CLOSED, ...policy })
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ');
}

export type PageParts = {
  status: number;
  title: string;
  /** A stylesheet that is a constant: its hash is what the policy allows. */
  style: string;
  head?: Html;
  body: Html;
  policy?: Policy;
  headers?: Record<string, string>;
};

/** A whole document that no cache keeps and no search engine lists. */
export function page({ status, title, style, head, body, policy = {}, headers = {} }: PageParts): Page {
  const document = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${trustedHtml(style)}</style>
${head ?? []}
</head>
<body>
${body}
</body>
</html>
`;
  return {
    statusCode: status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'private, no-store',
      'content-security-policy': closedExcept({ 'style-src': sourceOf(style), ...policy }),
      'x-content-type-options': 'nosniff',
      ...headers,
    },
    body: document.html,
  };
}
