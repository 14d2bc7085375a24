import * as z from 'zod';
import { text, wholeNumber } from './fields.ts';
import { httpUrl } from './http-url.ts';
import type { Rule } from './link.ts';

const WHATS = ['country', 'platform', 'device', 'rotator', 'browser', 'language', 'bot'];
const percentage = wholeNumber(100);
/** A redirect rule as clients send it, made into one as stored. */
export const rule = z
  .object(
    {
      what: z.enum(WHATS, `must be one of ${WHATS.join(', ')}`),
      matches: text(1_024).optional(),
      url: httpUrl.optional(),
      rule_url: httpUrl.optional(),
      percentage: z
        .union([percentage, z.literal(''), z.null()], 'must be a whole number from 0 to 100')
        .optional(),
    },
    'must be an object with what, matches and url',
  )
  .transform((input, context): Rule => {
    const url = input.url ?? input.rule_url;
    if (url === undefined) {
      context.addIssue({ code: 'custom', message: 'must be given', path: ['url'] });
      return z.NEVER;
    }
    const known = { what: input.what, matches: input.matches ?? null, url };
    if (input.what !== 'rotator') return known;
    if (typeof input.percentage === 'number') return { ...known, percentage: input.percentage };
    context.addIssue({ code: 'custom', message: 'must be given for a rotator', path: ['percentage'] });
    return z.NEVER;
  });
