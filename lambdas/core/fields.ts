import * as z from 'zod';

/** A text of at most so many characters. Form bodies know only texts, and clients send blanks for "none": null. */
export const text = (maxLength: number) =>
  z
    .union([z.string(), z.null()], 'must be a text or null')
    .transform((value) => (value === null || value.trim() === '' ? null : value))
    .refine(
      (value) => value === null || value.length <= maxLength,
      `must be at most ${maxLength} characters long`,
    )
    .meta({ maxLength });

const TRUE = new Set<unknown>([true, 'true', '1', 1]);
const FALSE = new Set<unknown>([false, 'false', '0', 0]);
/** True or false, in the spellings that forms and clients send. */
export const flag = z
  .unknown()
  .transform((value, context) => {
    if (TRUE.has(value)) return true;
    if (FALSE.has(value)) return false;
    context.addIssue('must be true or false');
    return z.NEVER;
  })
  .meta({ enum: [...TRUE, ...FALSE] });

const hasZone = (value: string) => /(z|[+-]\d\d:?\d\d)$/i.test(value);
const hasTime = (value: string) => /\d[t ]\d/i.test(value);

/** A moment as ISO 8601 in UTC, which is meant where no zone is given. */
export const moment = text(64).transform((value, context) => {
  if (value === null) return null;
  const written = value.trim();
  const epochMs = Date.parse(hasTime(written) && !hasZone(written) ? `${written}Z` : written);
  if (/^\d{4}-\d\d-\d\d/.test(written) && !Number.isNaN(epochMs)) return new Date(epochMs).toISOString();
  context.addIssue('must be a date and time such as 2027-01-31T12:00:00Z');
  return z.NEVER;
});

/** A whole number from 0 on, which forms and some clients send as a text. */
export const wholeNumber = (most: number) =>
  z.coerce
    .number()
    .int()
    .min(0)
    .max(most)
    .meta({ type: ['integer', 'string'] });

/** A limit of clicks; 0, blank and null stand for none. */
export const clickLimit = z
  .union([z.literal(''), z.null(), wholeNumber(1e9)], 'must be a whole number from 0 on')
  .transform((value) => value || null);
