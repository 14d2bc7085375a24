import { isUtf8 } from 'node:buffer';
import { parse } from 'qs';
import { ClientError } from '../errors.ts';

/** The most fields of a form. A link with 100 rules and 25 webhooks has about 500. */
const MAX_FIELDS = 2_000;
/**
 * The highest list index, and how deeply lists and objects may be nested. Both are far beyond what any schema accepts.
 */
const MAX_INDEX = 999;
const MAX_DEPTH = 5;

/**
 * The fields that accept lists. Only their names may be written with dots. In other names a dot is an ordinary
 * character.
 */
export const LIST_FIELDS: ReadonlySet<string> = new Set(['webhooks', 'rules', 'excluded_ips', 'ids']);

/** `webhooks`, `webhooks[]`, `rules[0][what]`. */
const NAME = /^[^[\]]+(\[[^[\]]*\])*$/;
/** `webhooks.0`, `rules.0.what`, `rules[0].what`. */
const DOTTED = /^([^.[\]]+)((?:\.[^.[\]]*|\[[^[\]]*\])+)$/;
/**
 * A list that is not at the end of its name. With two or more entries it would be unclear which entry a value belongs
 * to.
 */
const OPEN_ENTRY = /\[\]./;
/** A position in a list or an object that holds one value. */
const ONE_PLACE = /\[[^[\]]+\]$/;
/** Clients that escape the byte order mark send it as part of the first name. */
const ENCODED_BYTE_ORDER_MARK = /^%EF%BB%BF/i;
const SHOWN_CHARACTERS = 60;

/** 400: the body or a part of it cannot be read. */
export const malformed = (sentence: string) => new ClientError(400, 'malformed_body', sentence);

/** 400 for bytes that are not UTF-8. */
export function notUtf8(what: string): ClientError {
  return malformed(`${what} contains bytes that are not UTF-8. Send it as UTF-8.`);
}

/**
 * Checks a percent-encoded text, such as a query or a form.
 * @throws ClientError 400 when the encoded bytes are not UTF-8
 */
export function assertPercentEncodesUtf8(encoded: string, what: string): void {
  // One character for each byte, including percent-encoded bytes.
  const bytes = Buffer.from(encoded, 'utf8')
    .toString('latin1')
    .replace(/%([0-9a-f]{2})/gi, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  if (!isUtf8(Buffer.from(bytes, 'latin1'))) throw notUtf8(what);
}
const shown = (name: string) => JSON.stringify(name.slice(0, SHOWN_CHARACTERS).toWellFormed());

/** @throws ClientError 400 for brackets without a valid position */
function assertBrackets(name: string): void {
  if (name.trimStart().startsWith('[')) {
    throw malformed(
      `The form field ${shown(name)} has no name before its brackets. Write it like rules[0][what].`,
    );
  }
  if (!NAME.test(name)) {
    throw malformed(
      `The form field ${shown(name)} has brackets that do not match. Write it like rules[0][what].`,
    );
  }
  const inner = [...name.matchAll(/\[([^\]]*)\]/g)].map(([, key = '']) => key);
  if (inner.length > MAX_DEPTH) {
    throw malformed(`The form field ${shown(name)} has more than ${MAX_DEPTH} pairs of brackets. Use fewer.`);
  }
  if (inner.some((key) => /^\d+$/.test(key) && Number(key) > MAX_INDEX)) {
    throw malformed(
      `The form field ${shown(name)} has an index above ${MAX_INDEX}. Number the entries from 0.`,
    );
  }
}

/** @throws ClientError 400 for an ambiguous name */
function assertFoldable(name: string, times: number): void {
  assertBrackets(name);
  if (times === 1) return;
  if (OPEN_ENTRY.test(name)) {
    throw malformed(
      `The form field ${shown(name)} appears ${times} times. Number its entries, like rules[0][what].`,
    );
  }
  if (ONE_PLACE.test(name)) {
    throw malformed(
      `The form field ${shown(name)} appears ${times} times, but it names a single value. Send it once, or give each entry its own number.`,
    );
  }
}

/** `rules.0.what` as `rules[0][what]`. */
function bracketed(name: string): string {
  const [, root = '', rest = ''] = DOTTED.exec(name) ?? [];
  return LIST_FIELDS.has(root) ? root + rest.replace(/\.([^.[\]]*)/g, '[$1]') : name;
}

/** @throws ClientError 400 for more fields than any call accepts */
function valuesByName(text: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  let fields = 0;
  for (const [sent, value] of new URLSearchParams(text)) {
    if (++fields > MAX_FIELDS)
      throw malformed(`The form has more than ${MAX_FIELDS} fields. Send fewer at a time.`);
    const name = bracketed(sent);
    const known = values.get(name);
    if (known) known.push(value);
    else if (sent !== '') values.set(name, [value]);
  }
  return values;
}

/**
 * A list whose entries keep the positions that the client gave them, so that errors name those positions. Blank entries
 * are undefined.
 */
const atTheirPlaces = (value: unknown) =>
  Array.isArray(value)
    ? Array.from(value, (entry) => (typeof entry === 'string' && entry.trim() === '' ? undefined : entry))
    : value;

/**
 * Parses a form into an object. A name that repeats or ends in `[]` is a list. Other brackets name the entry of a list
 * or the member of an object, and so do dots in the names of lists. List entries that are blank or missing are
 * undefined. Names that objects inherit, such as `__proto__`, are ordinary members, so that a call that knows all its
 * fields can reject them.
 * @throws ClientError 400 when the form is not UTF-8, is too large, or has the same name in two places
 */
export function parseForm(text: string): Record<string, unknown> {
  assertPercentEncodesUtf8(text, 'The form');
  const values = valuesByName(text.replace(ENCODED_BYTE_ORDER_MARK, ''));
  for (const [name, { length }] of values) assertFoldable(name, length);
  const single = (list: string[]) => (list.length === 1 ? list[0] : list);
  const flat = Object.fromEntries([...values].map(([name, list]) => [name, single(list)]));
  // Objects without a prototype can have members of any name. A clone is an ordinary object with the same members.
  const folded: Record<string, unknown> = structuredClone(
    parse(flat as unknown as string, {
      depth: MAX_DEPTH,
      arrayLimit: MAX_INDEX + 1,
      allowSparse: true,
      plainObjects: true,
    }),
  );
  // The parser drops `__proto__` everywhere. The fields that contained it still exist.
  const roots = Object.entries(flat).map(([name, value]) => [name.replace(/\[.*/s, ''), value] as const);
  const left = roots.filter(([root]) => !Object.hasOwn(folded, root));
  const fields = [...Object.entries(folded), ...left];
  return Object.fromEntries(
    fields.map(([name, value]) => [name, LIST_FIELDS.has(name) ? atTheirPlaces(value) : value]),
  );
}
