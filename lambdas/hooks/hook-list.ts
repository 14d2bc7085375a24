import * as z from 'zod';
import { type CheckedUrl, checkHookUrlToSave } from '../deliver/egress.ts';
import { invalidFields } from '../errors.ts';
import { lines, trimmedUrl } from '../text.ts';
import { MAX_HOOKS_PER_OWNER } from './hook-url.ts';

/** A line of a list. People end lines with a comma or a semicolon, which is no part of a URL then. */
const withoutSeparator = (line: string) => trimmedUrl(trimmedUrl(line).replace(/[,;]+$/, ''));

/** Webhooks as links and workspaces take them: a list of URLs, or a text with one per line. Gives the lines. */
export const hookLines = z
  .union(
    [z.string(), z.array(z.string().optional()), z.null()],
    'must be a list of URLs, or a text with one URL per line',
  )
  .transform((value) => lines(value ?? []).map(withoutSeparator));

/**
 * Checks lines of webhook URLs; blank ones are passed over.
 * @returns the URLs, normalised, each once
 * @throws ClientError 422 at `webhooks` with a sentence for each line at fault
 */
export async function checkHookLines(sent: string[]): Promise<string[]> {
  const numbered = sent.map((line, index) => ({ line, number: index + 1 })).filter(({ line }) => line !== '');
  if (numbered.length > MAX_HOOKS_PER_OWNER) {
    throw invalidFields({ webhooks: [`may hold at most ${MAX_HOOKS_PER_OWNER} URLs`] });
  }
  const checks = numbered.map(async ({ line, number }) => ({
    number,
    checked: await checkHookUrlToSave(line),
  }));
  const results: { number: number; checked: CheckedUrl }[] = await Promise.all(checks);
  const problems = results.flatMap(({ number, checked }) =>
    checked.problem === undefined ? [] : [`line ${number} ${checked.problem}`],
  );
  if (problems.length > 0) throw invalidFields({ webhooks: problems });
  return [
    ...new Set(results.flatMap(({ checked }) => (checked.problem === undefined ? [checked.href] : []))),
  ];
}
