import * as z from 'zod';

/** So that it fits into a header with parameters added. It counts as it is sent: percent-encoded. */
const MAX_URL_LENGTH = 4_096;
const TOO_LONG = 'must be at most 4,096 characters long, percent-encoded';

/** The address that a link leads to: http or https, normalised. */
export const httpUrl = z
  .string('must be a text: the address that the link leads to')
  .trim()
  .max(MAX_URL_LENGTH, TOO_LONG)
  .transform((text, context) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
    if (!isHttp) context.addIssue('must be a full address that starts with https:// or http://');
    else if (url.href.length > MAX_URL_LENGTH) context.addIssue(TOO_LONG);
    else return url.href;
    return z.NEVER;
  });

/** An address, or blank or null for none. */
export const optionalUrl = z
  .union(
    [z.literal(''), z.null(), httpUrl],
    'must be blank, or a full address that starts with https:// or http://, at most 4,096 characters long',
  )
  .transform((value) => value || null);
