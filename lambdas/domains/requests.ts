import * as z from 'zod';
import { optionalUrl } from '../api/http-url.ts';
import { domainName } from './domain.ts';

/** A domain to add. */
export const domainRequestSchema = z.object({ name: domainName });

/** Where the icon of a domain is, by one of three names: no source shows what clients call it. */
export const faviconRequestSchema = z.object({
  favicon: optionalUrl.optional(),
  favicon_url: optionalUrl.optional(),
  url: optionalUrl.optional(),
});
