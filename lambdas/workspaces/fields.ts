import { isIP } from 'node:net';
import * as z from 'zod';
import { flag, id } from '../api/fields.ts';
import { hookLines } from '../hooks/hook.ts';
import { lines } from '../text.ts';

/** The most entries of `excluded_ips`. */
const MAX_EXCLUDED = 200;
const BITS: Record<number, number> = { 4: 32, 6: 128 };

/** Whether this is an address or a range: `203.0.113.7`, `203.0.113.0/24`, `2001:db8::/32`. */
export function isAddressOrRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const most = BITS[isIP(address)];
  if (most === undefined || address.includes('%') || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
}

/** Addresses and ranges contain none of these characters, so people may write several entries on one line. */
const SEPARATOR = /[\s,;]+/;

/** A list or text. Line breaks, spaces, commas and semicolons separate entries. An error names the line. */
const excludedIps = z
  .union(
    [z.string(), z.array(z.string().optional()), z.null()],
    'must be a list of addresses, or text with one per line',
  )
  .transform((value, context) => {
    const written = lines(value ?? []).map((line) => line.split(SEPARATOR).filter(Boolean));
    const entries = [...new Set(written.flat())];
    if (entries.length > MAX_EXCLUDED) {
      context.addIssue(`may contain at most ${MAX_EXCLUDED} entries`);
      return z.NEVER;
    }
    for (const [index, line] of written.entries()) {
      if (line.every(isAddressOrRange)) continue;
      context.addIssue(
        `line ${index + 1} is neither an IP address nor a range such as 203.0.113.0/24. Separate entries with line breaks, commas or spaces`,
      );
    }
    return entries;
  });

const name = z
  .string('must be text')
  .trim()
  .min(1, 'must not be blank')
  .max(255, 'must be at most 255 characters long');

/** The settings that a client may change. Settings that were not sent stay as they are. Unknown fields are ignored. */
export const workspaceFieldsSchema = z.object({
  name: name.optional().describe('The name of the workspace'),
  excluded_ips: excludedIps
    .optional()
    .describe('Addresses and ranges of visitors whose clicks are not recorded: a list, or one per line'),
  skip_crawlers: flag.optional().describe('Whether clicks of bots are not recorded'),
  webhooks: hookLines()
    .optional()
    .describe('URLs that receive the clicks of all links: a list, or one per line'),
  privacy: z
    .enum(['standard', 'strict'], 'must be standard or strict')
    .optional()
    .describe('strict leaves out the country, the provider and the referrer of every click'),
});

/**
 * A workspace to create. Unknown options are rejected, because a key that should have fewer rights would otherwise have
 * all of them.
 */
export const newWorkspaceSchema = z.strictObject({
  name: name.default('My workspace'),
  key: z
    .string('must be text')
    .regex(/^[\w-]{8,128}$/, 'must consist of 8 to 128 letters, digits, - or _')
    .optional(),
  workspace_id: id('a workspace').optional(),
});
