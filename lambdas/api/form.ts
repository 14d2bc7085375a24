import { isUtf8 } from 'node:buffer';
import { parse } from 'qs';
import { ClientError } from '../errors.ts';

/** Most fields of a form: a link with 100 rules and 25 webhooks has about 500. */
const MAX_FIELDS = 2_000;
/** An index of a list, and how deep lists and objects may lie in each other: far beyond what any schema takes. */
const MAX_INDEX = 999;
const MAX_DEPTH = 5;

/** The fields that take lists. Only their names may be written with dots: in other names, a dot is a character. */
export const LIST_FIELDS: ReadonlySet<string> = new Set(['webhooks', 'rules', 'excluded_ips', 'ids']);

/** `webhooks`, `webhooks[]`, `rules[0][what]`. */
const NAME = /^[^[\]]+(\[[^[\]]*\])*$/;
/** `webhooks.0`, `rules.0.what`, `rules[0].what`. */
const DOTTED = /^([^.[\]]+)((?:\.[^.[\]]*|\[[^[\]]*\])+)$/;
/** A list that is not at the end of its name: which entry a value belongs to is open as soon as there are two. */
const OPEN_ENTRY = /\[\]./;
/** One place in a list or an object, which holds one value. */
const ONE_PLACE = /\[[^[\]]+\]$/;
/** Clients that escape the byte order mark send it as part of the first name. */
const ENCODED_BYTE_ORDER_MARK = /^%EF%BB%BF/i;
const SHOWN_CHARACTERS = 60;

/** 400: the body, or a part of it, can't be read. */
export const malformed = (sentence: string) => new ClientError(400, 'malformed_body', sentence);

/** 400 for bytes that are not UTF-8. */
export function notUtf8(what: string): ClientError {
  return malformed(`${what} contains bytes that are not UTF-8: send it as UTF-8.`);
}

/**
 * Checks a text that is percent-encoded, such as a query or a form.
 * @throws ClientError 400 when what it encodes is not UTF-8
 */
export function assertPercentEncodesUtf8(encoded: string, what: string): void {
  // One character for each byte, those that are percent-encoded too.
  const bytes = Buffer.from(encoded, 'utf8')
    .toString('latin1')
    .replace(/%([0-9a-f]{2})/gi, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  if (!isUtf8(Buffer.from(bytes, 'latin1'))) throw notUtf8(what);
}
const shown = (name: string) => JSON.stringify(name.slice(0, SHOWN_CHARACTERS).toWellFormed());

/** @throws ClientError 400 for brackets that name no place */
function assertBrackets(name: string): void {
  if (name.trimStart().startsWith('[')) {
    throw malformed(
      `The form field ${shown(name)} has no name before its brackets: write it like rules[0][what].`,
    );
  }
  if (!NAME.test(name)) {
    throw malformed(
      `The form field ${shown(name)} has brackets that do not match: write it like rules[0][what].`,
    );
  }
  const inner = [...name.matchAll(/\[([^\]]*)\]/g)].map(([, key = '']) => key);
  if (inner.length > MAX_DEPTH) {
    throw malformed(`The form field ${shown(name)} has more than ${MAX_DEPTH} pairs of brackets: use fewer.`);
  }
  if (inner.some((key) => /^\d+$/.test(key) && Number(key) > MAX_INDEX)) {
    throw malformed(
      `The form field ${shown(name)} has an index above ${MAX_INDEX}: number entries from 0 on.`,
    );
  }
}

/** @throws ClientError 400 for a name that could only be guessed at */
function assertFoldable(name: string, times: number): void {
  assertBrackets(name);
  if (times === 1) return;
  if (OPEN_ENTRY.test(name)) {
    throw malformed(
      `The form field ${shown(name)} is sent ${times} times: number its entries, like rules[0][what].`,
    );
  }
  if (ONE_PLACE.test(name)) {
    throw malformed(
      `The form field ${shown(name)} is sent ${times} times, but names one value: send it once, or give each entry a number of its own.`,
    );
  }
}

/** `rules.0.what` as `rules[0][what]`. */
function bracketed(name: string): string {
  const [, root = '', rest = ''] = DOTTED.exec(name) ?? [];
  return LIST_FIELDS.has(root) ? root + rest.replace(/\.([^.[\]]*)/g, '[$1]') : name;
}

/** @throws ClientError 400 for more fields than any call takes */
function valuesByName(text: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  let fields = 0;
  for (const [sent, value] of new URLSearchParams(text)) {
    if (++fields > MAX_FIELDS)
      throw malformed(`The form has more than ${MAX_FIELDS} fields: send less at a time.`);
    const name = bracketed(sent);
    const known = values.get(name);
    if (known) known.push(value);
    else if (sent !== '') values.set(name, [value]);
  }
  return values;
}

/** A list whose entries keep the places that the client gave them, so that errors name those. Blank ones are undefined. */
const atTheirPlaces = (value: unknown) =>
  Array.isArray(value)
    ? Array.from(value, (entry) => (typeof entry === 'string' && entry.trim() === '' ? undefined : entry))
    : value;

/**
 * A form as an object. A name that repeats, or ends in `[]`, is a list; other brackets name the entry of a list or the
 * member of an object, and so do dots in the names of lists. Entries of lists that are blank or left out are undefined. Names that
 * objects inherit, such as `__proto__`, are members like others, so that a call that knows all its fields can refuse them.
 * @throws ClientError 400 when it is not UTF-8, is too large, or has the same name in two places
 */
export function parseForm(text: string): Record<string, unknown> {
  assertPercentEncodesUtf8(text, 'The form');
  const values = valuesByName(text.replace(ENCODED_BYTE_ORDER_MARK, ''));
  for (const [name, { length }] of values) assertFoldable(name, length);
  const single = (list: string[]) => (list.length === 1 ? list[0] : list);
  const flat = Object.fromEntries([...values].map(([name, list]) => [name, single(list)]));
  // Objects without a prototype can hold any name; a clone is an ordinary object with the same members.
  const folded: Record<string, unknown> = structuredClone(
    parse(flat as unknown as string, {
      depth: MAX_DEPTH,
      arrayLimit: MAX_INDEX + 1,
      allowSparse: true,
      plainObjects: true,
    }),
  );
  // The parser leaves `__proto__` out wherever it is; the fields that had it are there all the same.
  const roots = Object.entries(flat).map(([name, value]) => [name.replace(/\[.*/s, ''), value] as const);
  const left = roots.filter(([root]) => !Object.hasOwn(folded, root));
  const fields = [...Object.entries(folded), ...left];
  return Object.fromEntries(
    fields.map(([name, value]) => [name, LIST_FIELDS.has(name) ? atTheirPlaces(value) : value]),
  );
}
