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
