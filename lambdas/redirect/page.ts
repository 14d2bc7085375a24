import { createHash } from 'node:crypto';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type Html, html, trustedHtml } from './html.ts';

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
