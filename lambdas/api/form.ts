import { parse } from 'qs';
import { ClientError } from '../errors.ts';
import { assertPercentEncodesUtf8 } from './body-text.ts';

/** Most fields of a form: a link with 100 rules and 25 webhooks has about 500. */
const MAX_FIELDS = 2_000;
/** An index of a list, and how deep lists and objects may lie in each other: far beyond what any schema takes. */
const MAX_INDEX = 999;
const MAX_DEPTH = 5;

/** `webhooks`, `webhooks[]`, `rules[0][what]`. */
const NAME = /^[^[\]]+(\[[^[\]]*\])*$/;
/** A list that is not at the end of its name: which entry a value belongs to is open as soon as there are two. */
const OPEN_ENTRY = /\[\]./;
const SHOWN_CHARACTERS = 60;

const malformed = (sentence: string) => new ClientError(400, 'malformed_body', sentence);
const shown = (name: string) => JSON.stringify(name.slice(0, SHOWN_CHARACTERS).toWellFormed());

/** @throws ClientError 400 for a name that could only be guessed at */
function assertFoldable(name: string, times: number): void {
  if (!NAME.test(name)) {
    throw malformed(
      `The form field ${shown(name)} has brackets that do not match: write it like rules[0][what]`,
    );
  }
  const inner = [...name.matchAll(/\[([^\]]*)\]/g)].map(([, key = '']) => key);
  if (inner.length > MAX_DEPTH) {
    throw malformed(`The form field ${shown(name)} has more than ${MAX_DEPTH} pairs of brackets: use fewer`);
  }
  if (inner.some((key) => /^\d+$/.test(key) && Number(key) > MAX_INDEX)) {
    throw malformed(
      `The form field ${shown(name)} has an index above ${MAX_INDEX}: number entries from 0 on`,
    );
  }
  if (times > 1 && OPEN_ENTRY.test(name)) {
    throw malformed(
      `The form field ${shown(name)} is sent ${times} times: number its entries, like rules[0][what]`,
    );
  }
}

/**
 * A form as an object. A name that repeats, or ends in `[]`, is a list; other brackets name the entry of a list or the
 * member of an object. Names that objects have of themselves, such as `__proto__`, are passed over.
 * @throws ClientError 400 when it is not UTF-8, is too large, or has names that can't be told apart
 */
export function parseForm(text: string): Record<string, unknown> {
  assertPercentEncodesUtf8(text, 'The form');
  const values = new Map<string, string[]>();
  let fields = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    if (++fields > MAX_FIELDS)
      throw malformed(`The form has more than ${MAX_FIELDS} fields: send less at a time`);
    const known = values.get(name);
    if (known) known.push(value);
    else if (name !== '') values.set(name, [value]);
  }
  for (const [name, { length }] of values) assertFoldable(name, length);
  const single = (list: string[]) => (list.length === 1 ? list[0] : list);
  const flat = Object.fromEntries([...values].map(([name, list]) => [name, single(list)]));
  return parse(flat as unknown as string, { depth: MAX_DEPTH, arrayLimit: MAX_INDEX + 1 });
}
