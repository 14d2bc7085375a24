import { api, table, tableName } from '../core/api.ts';
import { assertOwnDomain } from '../core/domain-store.ts';
import { ENV, requiredEnv } from '../core/env.ts';
import { invalidFields } from '../core/errors.ts';
import { parseBody, parseId } from '../core/input.ts';
import { type Link, PASSWORD_MASK, publicLink } from '../core/link.ts';
import { readClickCount } from '../core/link-clicks.ts';
import { type LinkFields, linkFieldsSchema } from '../core/link-fields.ts';
import { createLink, updateLink } from '../core/link-store.ts';
import { hashPassword } from '../core/password-hash.ts';

/** Only a hash of the password is kept; the mask that answers show stands for the one that is there. */
async function passwordHash(password: string | null | undefined): Promise<string | null | undefined> {
  if (password === undefined || password === PASSWORD_MASK) return undefined;
  return password === null ? null : hashPassword(password);
}

/** A new link has no password that the mask could stand for, and must not be open where one was meant. */
function noPassword() {
  return invalidFields({
    password: [`${PASSWORD_MASK} stands for a password that is there: choose another`],
  });
}

/** The fields that were sent, as stored. A blank slug is no slug: it keeps what is there, or asks for a drawn one. */
async function sentFields(workspaceId: number, body: unknown): Promise<Partial<Link>> {
  const { slug, password, ...fields }: LinkFields = parseBody(linkFieldsSchema, body);
  if (fields.domain) await assertOwnDomain(workspaceId, fields.domain);
  const stored = { ...fields, ...(slug ? { slug } : {}), password_hash: await passwordHash(password) };
  return withTrash(Object.fromEntries(Object.entries(stored).filter(([, value]) => value !== undefined)));
}

/** The trash switches a link off; taking it out switches it on again unless the request says otherwise. */
function withTrash(fields: Partial<Link>): Partial<Link> {
  if (fields.deleted === true) return { ...fields, enabled: false };
  if (fields.deleted === false) return { enabled: true, ...fields };
  return fields;
}

/** Whether a link that gets another limit of clicks has had them already; deliver marks it when they come. */
async function withLimit(link: Link, fields: Partial<Link>): Promise<Partial<Link>> {
  const { expiry_clicks: limit } = fields;
  if (limit === undefined || limit === link.expiry_clicks) return fields;
  const exhausted = limit !== null && (await readClickCount(table, tableName(), link.id)) >= limit;
  return { ...fields, exhausted };
}

/** `POST /link` and `POST /workspace/:id/links`: creates, or with `id` in the body changes the fields sent. */
export const handler = api(async ({ workspaceId, body }) => {
  const fields = await sentFields(workspaceId, body);
  const { id } = body as { id?: unknown };
  if (id !== undefined && id !== null && id !== '') {
    const link = await updateLink(workspaceId, parseId(id), (before) => withLimit(before, fields));
    return { status: 200, body: publicLink(link, requiredEnv(ENV.baseUrl)) };
  }
  if ((body as { password?: unknown }).password === PASSWORD_MASK) throw noPassword();
  const { url } = fields;
  if (url === undefined) throw invalidFields({ url: ['must be given: the address that the link leads to'] });
  const link = await createLink(workspaceId, { ...fields, url });
  return { status: 200, body: publicLink(link, requiredEnv(ENV.baseUrl)) };
});
