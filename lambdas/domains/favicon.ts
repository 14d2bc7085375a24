import { api } from '../api/api.ts';
import { parseBody } from '../api/input.ts';
import { invalidFields, notFound } from '../errors.ts';
import { publicDomain } from './domain.ts';
import { ownDomain } from './own.ts';
import { faviconRequestSchema } from './requests.ts';
import { setFavicon } from './store.ts';

/** `PATCH /workspace/:id/domains/:id/favicon {favicon}`: where /favicon.ico of the domain leads; null is nowhere. */
export const handler = api(async (call) => {
  const sent = parseBody(faviconRequestSchema, call.body);
  const favicon = [sent.favicon, sent.favicon_url, sent.url].find((value) => value !== undefined);
  if (favicon === undefined) {
    throw invalidFields({ favicon: ['must be given: the URL of an image, or null for none'] });
  }
  const domain = await ownDomain(call);
  if (!(await setFavicon(domain, favicon))) throw notFound();
  return { status: 200, body: publicDomain({ ...domain, favicon }) };
});
