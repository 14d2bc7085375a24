import { isDeepStrictEqual } from 'node:util';
import { ENV, requiredEnv } from '../env.ts';
import { invalidFields } from '../errors.ts';
import { readItems } from '../table.ts';
import type { Link } from './link.ts';
import { type LinkToSave, loopErrors, type OwnOrigins } from './loops.ts';

function ownOrigins(): OwnOrigins {
  const api = process.env[ENV.apiEndpoint];
  return [new URL(requiredEnv(ENV.baseUrl)), ...(api ? [new URL(api)] : [])];
}

async function assertNoLoop(link: LinkToSave, read: Parameters<typeof loopErrors>[2]): Promise<void> {
  const errors = await loopErrors(link, ownOrigins(), read);
  if (Object.keys(errors).length > 0) throw invalidFields(errors);
}

type NewLink = Pick<Link, 'url'> & Partial<Pick<Link, 'slug' | 'domain' | 'rules' | 'expiry_destination'>>;

function toSave({ slug, domain = null, rules = [], expiry_destination = null, url }: NewLink): LinkToSave {
  return { id: null, slug: slug ?? null, domain, url, rules, expiry_destination };
}

/**
 * Makes sure that a new link does not lead to itself, which is wrong whatever other links there are. Nothing is read.
 * @throws ClientError 422 at each field that does
 */
export function assertLeadsElsewhere(fields: NewLink): Promise<void> {
  return assertNoLoop(toSave(fields), async () => []);
}

/** @throws ClientError 422 at each field of a new link that leads back to it, or into a loop of others */
export function assertNewLinkEnds(fields: NewLink): Promise<void> {
  return assertNoLoop(toSave(fields), (keys) => readItems(keys));
}

/** Fields on which it depends where a link leads, and whether that is itself. */
const WAY_FIELDS = ['url', 'rules', 'expiry_destination', 'slug', 'domain'] as const;

/** @throws ClientError 422 when a change of where a link is or leads makes a loop, or a restored link is in one */
export async function assertStillEnds(before: Link, fields: Partial<Link>): Promise<void> {
  const after = { ...before, ...fields };
  const changes = WAY_FIELDS.some((name) => !isDeepStrictEqual(before[name], after[name]));
  if (changes || (before.deleted && !after.deleted)) await assertNoLoop(after, (keys) => readItems(keys));
}
