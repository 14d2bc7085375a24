import type * as z from 'zod';
import { ClientError, type FieldErrors, invalidFields, notFound } from './errors.ts';

/**
 * Checks a body against a schema.
 * @throws ClientError 422 with a sentence for each field at fault
 */
export function parseBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ClientError(422, 'invalid_input', 'Send a JSON object or a form as the body');
  }
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const fields: FieldErrors = {};
  for (const issue of result.error.issues) {
    const field = issue.path.join('.') || 'body';
    fields[field] = [...(fields[field] ?? []), issue.message];
  }
  throw invalidFields(fields);
}

const MAX_ID_DIGITS = 15;

/**
 * A numeric id out of a path or a body.
 * @throws ClientError 404 when it can't be the id of anything
 */
export function parseId(value: unknown): number {
  const text = String(value ?? '');
  if (!/^[1-9]\d*$/.test(text) || text.length > MAX_ID_DIGITS) throw notFound();
  return Number(text);
}
