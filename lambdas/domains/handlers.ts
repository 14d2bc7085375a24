import { type ApiCall, handle } from '../api/api.ts';
import { ENV, requiredEnv } from '../env.ts';
import { conflict, invalidFields, notFound } from '../errors.ts';
import { type Domain, domainName, publicDomain } from './domain.ts';
import { domains } from './endpoints.ts';
import { addDomain, linksOn, listDomains, removeDomain, setFavicon } from './store.ts';

const { endpoints } = domains;

/**
 * The workspace's domain that a path names by id or by name.
 * @throws ClientError 404 when the workspace has no such domain
 */
async function ownDomain({ workspaceId, path }: ApiCall): Promise<Domain> {
  const wanted = path.domain_id;
  const wantedName = domainName.safeParse(wanted).data;
  const own = await listDomains(workspaceId);
  const found = own.find(({ id, name }) => String(id) === wanted || name === wantedName);
  if (!found) throw notFound();
  return found;
}

/** The domains in `domains`, oldest first. */
export const list = handle(endpoints.list, async ({ workspaceId }) => {
  const own = await listDomains(workspaceId);
  return { status: 200, body: { domains: own.map(publicDomain) } };
});

/** 201 with the new domain, or 200 with the one that already exists. */
export const create = handle(endpoints.create, async ({ workspaceId, body: { name } }) => {
  const refused = (sentence: string) => invalidFields({ name: [sentence] });
  if (name === null) throw refused('is missing. Enter a domain such as go.example.com');
  if (name === new URL(requiredEnv(ENV.baseUrl)).hostname) {
    throw refused(`${name} is the default host. A link without a domain already uses it`);
  }
  const { domain, added } = await addDomain(workspaceId, name);
  return { status: added ? 201 : 200, body: publicDomain(domain) };
});

/** 200 with the deleted domain, or 409 while links use it. */
const remove = handle(endpoints.delete, async (call) => {
  const domain = await ownDomain(call);
  const links = await linksOn(domain);
  if (links > 0) {
    throw conflict(
      `${domain.name} still has ${links} ${links === 1 ? 'link' : 'links'}, including those in the trash. Move them to another domain first.`,
    );
  }
  if (!(await removeDomain(domain))) {
    throw conflict(
      `${domain.name} was changed by another request at the same time. Read the list of domains again.`,
    );
  }
  return { status: 200, body: { ...publicDomain(domain), deleted: true } };
});

/** The URL that /favicon.ico of the domain redirects to; null for none. */
export const favicon = handle(endpoints.favicon, async (call) => {
  const { favicon: named, favicon_url, url } = call.body;
  const icon = [named, favicon_url, url].find((value) => value !== undefined);
  if (icon === undefined) {
    throw invalidFields({ favicon: ['is missing. Send the URL of an image, or null for none'] });
  }
  const domain = await ownDomain(call);
  if (!(await setFavicon(domain, icon))) throw notFound();
  return { status: 200, body: publicDomain({ ...domain, favicon: icon }) };
});

// The handlers have the names of their endpoints, and `delete` is a reserved word.
export { remove as delete };
