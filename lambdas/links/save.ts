import { api } from '../core/api.ts';
import { ENV, requiredEnv } from '../core/env.ts';
import { invalidFields } from '../core/errors.ts';
import { parseBody, parseId } from '../core/input.ts';
import { type Link, publicLink } from '../core/link.ts';
import { type LinkFields, linkFieldsSchema } from '../core/link-fields.ts';
import { createLink, updateLink } from '../core/link-store.ts';

/** The fields that were sent. A blank slug is no slug: it keeps what is there, or asks for a drawn one. */
function sentFields({ domain, slug, ...fields }: LinkFields): Partial<Link> {
  if (domain) {
    throw invalidFields({
      domain: [`${domain} is not a domain of this workspace: leave it out to use the default host`],
    });
  }
  const sent = Object.entries({ ...fields, ...(slug ? { slug } : {}) }).filter(
    ([, value]) => value !== undefined,
  );
  return Object.fromEntries(sent);
}

/** The trash switches a link off; taking it out switches it on again unless the request says otherwise. */
function withTrash(fields: Partial<Link>): Partial<Link> {
  if (fields.deleted === true) return { ...fields, enabled: false };
  if (fields.deleted === false) return { enabled: true, ...fields };
  return fields;
}

/** A new limit of clicks starts afresh; deliver marks the link again when that is reached too. */
function withLimit(fields: Partial<Link>): Partial<Link> {
  return fields.expiry_clicks === undefined ? fields : { ...fields, exhausted: false };
}

/** `POST /link` and `POST /workspace/:id/links`: creates, or with `id` in the body changes the fields sent. */
export const handler = api(async ({ workspaceId, body }) => {
  const fields = withLimit(withTrash(sentFields(parseBody(linkFieldsSchema, body))));
  const { id } = body as { id?: unknown };
  if (id !== undefined && id !== null && id !== '') {
    const link = await updateLink(workspaceId, parseId(id), fields);
    return { status: 200, body: publicLink(link, requiredEnv(ENV.baseUrl)) };
  }
  const { url } = fields;
  if (url === undefined) throw invalidFields({ url: ['must be given: the address that the link leads to'] });
  const link = await createLink(workspaceId, { ...fields, url });
  return { status: 200, body: publicLink(link, requiredEnv(ENV.baseUrl)) };
});
