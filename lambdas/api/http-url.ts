import * as z from 'zod';
import { hostTextProblem, trimmedUrl, urlTextProblem } from './url-text.ts';

/** So that it fits into a header with parameters added. It counts as it is sent: percent-encoded. */
const MAX_URL_LENGTH = 4_096;
const TOO_LONG = 'must be at most 4,096 characters long, percent-encoded';

/** The normalised form of one http or https URL; what is wrong with any other text becomes an issue. */
function normalised(text: string, context: z.RefinementCtx): string {
  const problem = urlTextProblem(text);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  const hostProblem = url && hostTextProblem(url.hostname);
  if (problem) context.addIssue(problem);
  else if (!isHttp) context.addIssue('must be a full URL that starts with https:// or http://');
  else if (hostProblem) context.addIssue(hostProblem);
  else if (url.href.length > MAX_URL_LENGTH) context.addIssue(TOO_LONG);
  else return url.href;
  return z.NEVER;
}

const urlText = (sentence: string) => z.string(sentence).max(MAX_URL_LENGTH, TOO_LONG).transform(trimmedUrl);

/** The address that a link leads to: http or https, normalised. */
export const httpUrl = urlText('must be a text: the address that the link leads to').transform(normalised);

/** An address, or blank or null for none. */
export const optionalUrl = urlText('must be a full URL that starts with https:// or http://, or blank')
  .nullable()
  .transform((text, context) => (text ? normalised(text, context) : null));
