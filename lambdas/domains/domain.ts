import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import * as z from 'zod';

/** A custom domain, as stored. It belongs to one workspace. */
export type Domain = {
  id: number;
  name: string;
  workspace_id: number;
  /** The URL of the image that /favicon.ico of the domain redirects to. */
  favicon: string | null;
  inserted_at: string;
  /**
   * How many links use the domain, in use and in the trash, and when that number last changed. Missing or negative
   * until they have been counted.
   */
  link_count?: number;
  trash_count?: number;
  links_changed_at?: number;
};

/** The most domains of one workspace. All of them fit into one read. */
export const MAX_DOMAINS = 100;

const LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const URL_MARKS = /[/\\?#@:]/;
const NAME = new RegExp(`^(${LABEL}\\.)+${LABEL}$`);

/** A full host name in lower case, with other alphabets as `xn--…`. Blank means none. */
export const domainName = z
  .string('must be text, such as go.example.com')
  .max(1_024, 'must be at most 253 characters long')
  .transform((text, context) => {
    const written = text.trim().replace(/\.$/, '');
    if (written === '') return null;
    // The conversion would cut off whatever follows the host of a URL.
    const name = URL_MARKS.test(written) ? '' : domainToASCII(written);
    if (name.length <= 253 && NAME.test(name) && isIP(name) === 0) return name;
    context.addIssue('must be a full host name such as go.example.com, without https:// and without a path');
    return z.NEVER;
  });

/** The domain in responses of the API. */
export function publicDomain({ id, name, favicon, inserted_at }: Domain) {
  return { id, name, host: name, favicon, inserted_at };
}
