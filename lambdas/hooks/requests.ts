import * as z from 'zod';
import { exactly } from '../api/input.ts';
import { MAX_HOOK_URL_LENGTH } from '../deliver/egress.ts';

/** A webhook to subscribe: egress.ts checks its URL. There is one kind, which is on and gets every click. */
export const subscriptionSchema = exactly({
  url: z
    .unknown()
    .describe('http or https, to a public host')
    .meta({ type: 'string', format: 'uri', maxLength: MAX_HOOK_URL_LENGTH }),
});
