import { type ApiCall, handle } from '../api/api.ts';
import { ENV, requiredEnv } from '../env.ts';
import { conflict, invalidFields, notFound } from '../errors.ts';
import { type Domain, domainName, publicDomain } from './domain.ts';
import { domains } from './endpoints.ts';
import { addDomain, linksOn, listDomains, removeDomain, setFavicon } from './store.ts';

const { endpoints } = domains;

/**
 * The workspace's domain that a path means, by its id or its name.
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

/** A bare array, oldest first. */
export const list = handle(endpoints.list, async ({ workspaceId }) => {
  const own = await listDomains(workspaceId);
  return { status: 200, body: own.map(publicDomain) };
});

/** 201 with the domain, 200 with the one that exists already. */
export const create = handle(endpoints.create, async ({ workspaceId, body: { name } }) => {
  const refused = (sentence: string) => invalidFields({ name: [sentence] });
  if (name === null) throw refused('must be given, such as go.example.com');
  if (name === new URL(requiredEnv(ENV.baseUrl)).hostname) {
    throw refused(`${name} is the default host: links without a domain are there`);
  }
  const { domain, added } = await addDomain(workspaceId, name);
  return { status: added ? 201 : 200, body: publicDomain(domain) };
});

/** 200 with the domain that is gone; 409 while links are on it. */
const remove = handle(endpoints.delete, async (call) => {
  const domain = await ownDomain(call);
  const links = await linksOn(domain);
  if (links > 0) {
    throw conflict(
      `${links} ${links === 1 ? 'link is' : 'links are'} on ${domain.name}, the trash included: move them to another domain first`,
    );
  }
  if (!(await removeDomain(domain))) {
    throw conflict(`${domain.name} was changed by somebody else at the same time: read the domains again`);
  }
  return { status: 200, body: { ...publicDomain(domain), deleted: true } };
});

/** Where /favicon.ico of the domain leads; null is nowhere. */
export const favicon = handle(endpoints.favicon, async (call) => {
  const { favicon: named, favicon_url, url } = call.body;
  const icon = [named, favicon_url, url].find((value) => value !== undefined);
  if (icon === undefined) {
    throw invalidFields({ favicon: ['must be given: the URL of an image, or null for none'] });
  }
  const domain = await ownDomain(call);
  if (!(await setFavicon(domain, icon))) throw notFound();
  return { status: 200, body: publicDomain({ ...domain, favicon: icon }) };
});

// The names of handlers are those of their endpoints, and `delete` is a word of the language.
export { remove as delete };
