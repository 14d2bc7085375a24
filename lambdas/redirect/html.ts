import { createHash } from 'node:crypto';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** HTML that is safe to insert into other HTML. Only `html` and `trustedHtml` create it. */
export type Html = { readonly html: string };

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// HTML cannot contain these characters, not even escaped.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it finds
const UNWRITABLE = /[\0-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]/g;

/** Text, escaped for the content of an element or for a quoted attribute. */
function escaped(text: string): string {
  const writable = text.toWellFormed().replace(UNWRITABLE, '\ufffd');
  return writable.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/** HTML from a trusted author: one of our constants, or tags that a link's owner has set for the link's own page. */
export function trustedHtml(text: string): Html {
  return { html: text };
}

type Value = string | Html | readonly Html[];

function written(value: Value): string {
  if (typeof value === 'string') return escaped(value);
  return 'html' in value ? value.html : value.map(({ html: one }) => one).join('\n');
}

/** HTML with escaped values. Values that are HTML already are not escaped again. Attributes need double quotes. */
export function html(parts: TemplateStringsArray, ...values: Value[]): Html {
  return trustedHtml(String.raw({ raw: parts }, ...values.map(written)));
}

/** A response with a page. */
export type Page = APIGatewayProxyStructuredResultV2 & { headers: Record<string, string> };

/** One directive of a Content-Security-Policy, and what it allows. */
export type Policy = Record<string, string>;

/** The CSP source of an inline style or script: the hash of its exact text. */
export function sourceOf(inline: string): string {
  return `'sha256-${createHash('sha256').update(inline).digest('base64')}'`;
}

/** By default, a page may not load, frame or post anything. */
const CLOSED: Policy = {
  'default-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
};

/** The policy header: the default policy, with the page's directives replacing or extending it. */
export function closedExcept(policy: Policy): string {
  return Object.entries({ ...CLOSED, ...policy })
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ');
}

export type PageParts = {
  status: number;
  title: string;
  /** A constant stylesheet. The policy allows it by its hash. */
  style: string;
  head?: Html;
  body: Html;
  policy?: Policy;
  headers?: Record<string, string>;
};

/** A complete document. Caches must not store it, and search engines must not list it. */
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
