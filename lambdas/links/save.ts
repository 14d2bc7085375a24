import { isDeepStrictEqual } from 'node:util';
import { parseBody, parseId } from '../api/input.ts';
import { domainName } from '../domains/domain.ts';
import { assertOwnDomain, readDomain } from '../domains/store.ts';
import { ENV, requiredEnv } from '../env.ts';
import { ClientError, invalidFields } from '../errors.ts';
import { checkHookLines } from '../hooks/check.ts';
import { readHumanClicks } from './counts.ts';
import { type LinkFields, savedLinkSchema } from './fields.ts';
import { type Link, PASSWORD_MASK, publicLink } from './link.ts';
import { assertChangeHasNoLoop, assertNewLinkHasNoLoop, assertNotToItself } from './loops.ts';
import { hashPassword } from './password-hash.ts';
import { HOLDS_HOST, hostInSlug } from './slug-field.ts';
import { createLink, readLink, updateLink } from './store.ts';
import { withHooks } from './whole-link.ts';

/** Only a hash of the password is stored. */
async function withPassword({ fields, password }: CheckedLink): Promise<Partial<Link>> {
  if (password === undefined) return fields;
  return { ...fields, password_hash: password === null ? null : await hashPassword(password) };
}

/**
 * A new link has no password that the mask could stand for. It must not be created without a password because of that.
 */
function noPassword() {
  return invalidFields({
    password: [`${PASSWORD_MASK} stands for the current password, and a new link has none. Choose another`],
  });
}

/**
 * Rejects a slug that begins with a domain of the workspace, because the domain belongs in `domain`.
 * @throws ClientError 422 at `slug`
 */
async function assertNoOwnDomain(workspaceId: number, slug: string): Promise<void> {
  const name = domainName.safeParse(hostInSlug(slug)).data;
  if (!name) return;
  const domain = await readDomain(name);
  if (domain?.workspace_id === workspaceId) throw invalidFields({ slug: [HOLDS_HOST] });
}

/**
 * The fields that were sent, in stored form. A blank slug keeps the current one, or requests a random one for a new
 * link.
 */
async function storedFields(
  workspaceId: number,
  { slug, password: _password, webhooks: _webhooks, ...fields }: LinkFields,
): Promise<Partial<Link>> {
  if (fields.domain) await assertOwnDomain(workspaceId, fields.domain);
  const stored = { ...fields, ...(slug ? { slug } : {}) };
  return withTrash(Object.fromEntries(Object.entries(stored).filter(([, value]) => value !== undefined)));
}

/** Moving a link to the trash disables it. Restoring it enables it again, unless the request says otherwise. */
function withTrash(fields: Partial<Link>): Partial<Link> {
  if (fields.deleted === true) return { ...fields, enabled: false };
  if (fields.deleted === false) return { enabled: true, ...fields };
  return fields;
}

/** A link whose limit changes may already have had that many clicks. From then on, deliver watches for the last one. */
async function withLimit(link: Link, fields: Partial<Link>): Promise<Partial<Link>> {
  const { expiry_clicks: limit } = fields;
  if (limit === undefined || limit === link.expiry_clicks) return fields;
  const exhausted = limit !== null && (await readHumanClicks(link.id)) >= limit;
  return { ...fields, exhausted };
}

/**
 * A link to save. It is checked, and nothing is written yet. Without `webhooks` or `password` the current ones stay.
 * The password is hashed last, after all other checks.
 */
export type CheckedLink = {
  id: number | null;
  fields: Partial<Link>;
  password?: string | null;
  webhooks?: string[];
};

/** Whether a value that was sent is the stored one. A form sends a list of rules as JSON text. */
function isStored(sent: unknown, stored: unknown): boolean {
  const asJson = JSON.stringify(sent ?? null);
  try {
    const text = typeof sent === 'string' && typeof stored === 'object' ? sent : asJson;
    return isDeepStrictEqual(JSON.parse(text), JSON.parse(JSON.stringify(stored ?? null)));
  } catch {
    return false;
  }
}

/**
 * The fields that were sent. Clients read a link, change a field and send everything back. A value that is already
 * stored is not checked again, because it may be older than the check.
 * @throws ClientError 422 at the fields that are wrong and differ from what is stored
 */
async function parseLink(workspaceId: number, body: unknown) {
  try {
    return parseBody(savedLinkSchema, body);
  } catch (error) {
    const { id, ...sent } = { ...(body as Record<string, unknown>) };
    const wrong = error instanceof ClientError ? Object.keys(error.fields ?? {}) : [];
    if (wrong.length === 0 || wrong.includes('id') || id === undefined || id === null) throw error;
    const { link } = await readLink(workspaceId, parseId(id));
    const stored: Record<string, unknown> = publicLink(link, requiredEnv(ENV.baseUrl));
    const names = new Set(wrong.map((field) => field.split('.', 1)[0] ?? ''));
    const unchanged = [...names].filter((name) => isStored(sent[name], stored[name]));
    if (unchanged.length === 0) throw error;
    for (const name of unchanged) delete sent[name];
    return parseBody(savedLinkSchema, { id, ...sent });
  }
}

/**
 * Checks a link that was sent.
 * @throws ClientError 422 that says what is wrong with it
 */
export async function checkLink(workspaceId: number, body: unknown): Promise<CheckedLink> {
  const { id = null, ...sent } = await parseLink(workspaceId, body);
  const isNew = id === null;
  if (isNew && sent.url === undefined) {
    throw invalidFields({ url: ['is missing. Enter the URL that the link leads to'] });
  }
  if (isNew && sent.password === PASSWORD_MASK) throw noPassword();
  const fields = await storedFields(workspaceId, sent);
  if (isNew && fields.slug) await assertNoOwnDomain(workspaceId, fields.slug);
  // A link that leads to itself is wrong whatever other links exist.
  if (isNew && fields.url !== undefined) await assertNotToItself({ ...fields, url: fields.url });
  // The mask in responses stands for the current password.
  const password = sent.password === PASSWORD_MASK ? undefined : sent.password;
  return {
    id,
    fields,
    ...(password === undefined ? {} : { password }),
    ...(sent.webhooks ? { webhooks: await checkHookLines(sent.webhooks) } : {}),
  };
}

/**
 * Changes the fields of a link that were sent. An `id` among them must be that of the link.
 * @returns the link as the API returns it
 * @throws ClientError 404 (missing), 422 (wrong fields), 409 (lost every race)
 */
export async function changeLink(workspaceId: number, id: number, body: unknown) {
  const { id: sent } = parseBody(savedLinkSchema.pick({ id: true }), body);
  if (sent !== undefined && sent !== null && sent !== id) {
    throw invalidFields({ id: [`must be ${id}, as in the path. Correct it, or leave it out`] });
  }
  return saveLink(workspaceId, await checkLink(workspaceId, { ...(body as object), id }));
}

/**
 * Restores a link from the trash and enables it. A link in use stays as it is.
 * @throws ClientError 404 (missing), 422 (leads into a loop), 409 (lost every race)
 */
export async function restoreLink(workspaceId: number, id: number): Promise<void> {
  const { link } = await readLink(workspaceId, id);
  if (!link.deleted) return;
  const restored = withTrash({ deleted: false });
  await updateLink(workspaceId, id, async (before) => {
    await assertChangeHasNoLoop(before, restored);
    return before.deleted ? restored : {};
  });
}

/**
 * Creates or changes a link that was checked. A new link has its webhooks from its first click.
 * @returns the link as the API returns it
 * @throws ClientError 404 (missing), 422 (slug taken, too large, leads into a loop), 409 (lost every race)
 */
export async function saveLink(workspaceId: number, checked: CheckedLink) {
  const { id, webhooks } = checked;
  const fields = await withPassword(checked);
  const { url } = fields;
  if (id === null && url !== undefined) {
    await assertNewLinkHasNoLoop({ ...fields, url });
    return withHooks(await createLink(workspaceId, { ...fields, url }, webhooks));
  }
  const changes = async (before: Link) => {
    if (fields.slug && fields.slug !== before.slug) await assertNoOwnDomain(workspaceId, fields.slug);
    await assertChangeHasNoLoop(before, fields);
    return withLimit(before, fields);
  };
  return withHooks(await updateLink(workspaceId, Number(id), changes, webhooks));
}
