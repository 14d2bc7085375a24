import * as z from 'zod';
import { ClientError, type FieldErrors, invalidFields, notFound } from '../errors.ts';
import { HOLDS_NUL, wellFormed } from '../text.ts';
import { AUTHENTICATION_FIELDS } from './authentication.ts';
import { MAX_ID } from './fields.ts';

const SHOWN_CHARACTERS = 60;
const NOT_KNOWN = 'is not a field of this call. Remove it';

const TYPES: Record<string, string> = {
  string: 'must be text',
  number: 'must be a number',
  int: 'must be a whole number',
  boolean: 'must be true or false',
  array: 'must be a list',
  object: 'must be an object',
  record: 'must be an object',
  null: 'must be null',
};

function limit(issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall): string {
  const [bound, most] = issue.code === 'too_big' ? ['at most', issue.maximum] : ['at least', issue.minimum];
  if (issue.origin === 'string') return `must be ${bound} ${most} characters long`;
  if (issue.origin === 'array' || issue.origin === 'set') return `must have ${bound} ${most} entries`;
  return `must be ${bound} ${most}`;
}

/**
 * The sentence for an issue whose schema has none. The validator's own texts are meant for programmers and never reach
 * a client.
 */
function sentenceOf(issue: z.core.$ZodRawIssue): string {
  const known = issue as z.core.$ZodIssue;
  if (issue.input === undefined && known.code !== 'custom') return 'is missing';
  switch (known.code) {
    case 'invalid_type':
      return TYPES[known.expected] ?? 'has the wrong type';
    case 'too_big':
    case 'too_small':
      return limit(known);
    case 'invalid_value':
      return `must be one of ${known.values.join(', ')}`;
    case 'not_multiple_of':
      return `must be a multiple of ${known.divisor}`;
    case 'unrecognized_keys':
      return NOT_KNOWN;
    default:
      return 'has a value that is not allowed';
  }
}

const shown = (name: string) =>
  name === ''
    ? '""'
    : name.length > SHOWN_CHARACTERS
      ? `${name.slice(0, SHOWN_CHARACTERS).toWellFormed()}…`
      : name;

/** Where an issue is, and its sentence. Each member that a schema does not know has an issue of its own. */
function sentencesOf(issue: z.core.$ZodIssue): [field: string, sentence: string][] {
  const at = (path: PropertyKey[]) => path.map(String).join('.') || 'body';
  if (issue.code !== 'unrecognized_keys') return [[at(issue.path), issue.message]];
  return issue.keys.map((key) => [at([...issue.path, shown(key)]), NOT_KNOWN]);
}

function fieldErrors(sentences: [field: string, sentence: string][]): FieldErrors {
  const fields = new Map<string, string[]>();
  for (const [field, sentence] of sentences) {
    fields.set(field, [...(fields.get(field) ?? []), sentence]);
  }
  return Object.fromEntries(fields);
}

/** The body with well-formed texts, as deep as schemas read. @throws ClientError 422 when a text contains NUL */
function checkTexts(schema: z.ZodType, body: object): object {
  const known = Object.entries(body).filter(
    ([name]) => !(schema instanceof z.ZodObject) || Object.hasOwn(schema.shape, name),
  );
  const nul: [string, string][] = [];
  const foundNul = (path: string[]) => nul.push([path.join('.'), HOLDS_NUL]);
  const checked = known.map(([name, value]) => [name, wellFormed(value, foundNul, [name])]);
  if (nul.length > 0) throw invalidFields(fieldErrors(nul));
  return { ...body, ...Object.fromEntries(checked) };
}

/**
 * Checks a body against a schema. In the result, all texts are well-formed and free of NUL characters.
 * @throws ClientError 422 with a sentence for each wrong field, up to a hundred
 */
export function parseBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ClientError(
      422,
      'invalid_input',
      'The body is missing or is not an object. Send a JSON object or a form.',
    );
  }
  const result = schema.safeParse(checkTexts(schema, body), { error: sentenceOf });
  if (result.success) return result.data;
  throw invalidFields(fieldErrors(result.error.issues.flatMap(sentencesOf)));
}

const alongWithAnyCall = z.unknown().optional().describe('Authentication, which may also come in the header');

/**
 * A body with these fields and those of every call, and no others. For calls where an ignored option would do harm: a
 * key that should have fewer rights, or a webhook that should be off.
 */
export const exactly = <Shape extends z.core.$ZodShape>(shape: Shape) =>
  z.strictObject({
    ...Object.fromEntries(AUTHENTICATION_FIELDS.map((name) => [name, alongWithAnyCall])),
    ...shape,
  } as Shape);

/** The body of a call that has no fields of its own. */
export const nothing = exactly({});

/**
 * Rejects options in the query of a call whose body accepts only its own fields. Other calls ignore them.
 * @throws ClientError 422 that names each option
 */
export function assertNoOptions(query: URLSearchParams, body: z.ZodObject): void {
  if (!(body.def.catchall instanceof z.ZodNever)) return;
  const names = [...new Set(query.keys())].filter(
    (name) => !(AUTHENTICATION_FIELDS as readonly string[]).includes(name),
  );
  const sentence = (name: string) =>
    Object.hasOwn(body.shape, name) ? 'must be sent in the body, not in the query' : NOT_KNOWN;
  if (names.length > 0) throw invalidFields(fieldErrors(names.map((name) => [shown(name), sentence(name)])));
}

/**
 * Rejects parameters that appear more than once, because each has one value. @throws ClientError 422 that names them
 */
export function assertSentOnce(query: URLSearchParams): void {
  const repeated = [...new Set(query.keys())].filter((name) => query.getAll(name).length > 1);
  const sentence = 'must appear only once. Remove the other values';
  if (repeated.length > 0) throw invalidFields(fieldErrors(repeated.map((name) => [shown(name), sentence])));
}

/**
 * A numeric id from a path.
 * @throws ClientError 404 when the text cannot be an id
 */
export function parseId(value: unknown): number {
  const text = String(value ?? '');
  if (!/^[1-9]\d*$/.test(text) || Number(text) > MAX_ID) throw notFound();
  return Number(text);
}
