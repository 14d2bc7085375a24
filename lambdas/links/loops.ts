import { isIP } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { ENV, requiredEnv } from '../env.ts';
import { type FieldErrors, invalidFields } from '../errors.ts';
import { partition, readItems, sort } from '../table.ts';
import { type Link, linkFromItem } from './link.ts';
import { isReservedPath, isSlug, slugOfPath } from './slug.ts';

/** A link before it is saved. Without a slug it gets a random one, which no other link redirects to yet. */
type LinkToSave = Pick<Link, 'domain' | 'url' | 'rules' | 'expiry_destination'> & {
  id: number | null;
  slug: string | null;
};

/** The addresses of this service, except custom domains. The first is that of the default host. */
export type OwnOrigins = [baseUrl: URL, ...others: URL[]];

type Key = { pk: string; sk: string };
/** Reads the items with these keys that exist, in any order. */
type Read = (keys: Key[]) => Promise<Record<string, unknown>[]>;

/** How many of our own links the check follows in a row, and how many in all where rules branch. */
const MAX_STEPS = 5;
const MAX_LINKS = 500;

const MAX_NAME_LENGTH = 253;
const STANDARD_PORTS = ['80', '443'];

const hostOf = ({ hostname }: URL) => hostname.replace(/\.$/, '');
const portOf = ({ port, protocol }: URL) => port || (protocol === 'https:' ? '443' : '80');
const isLoopback = (host: string) =>
  /^(([^.]+\.)*localhost|\[::1\]|\[::ffff:7f[\da-f:]+\]|127(\.\d+){3}|0\.0\.0\.0)$/.test(host);

/** With and without TLS is the same service, because one redirects to the other. */
function samePort(one: URL, other: URL): boolean {
  const ports = [portOf(one), portOf(other)];
  return ports[0] === ports[1] || ports.every((port) => STANDARD_PORTS.includes(port));
}

function sameHost(one: URL, other: URL): boolean {
  return hostOf(one) === hostOf(other) || [one, other].every((url) => isLoopback(hostOf(url)));
}

/** The slug for a path, as the redirect reads it; null for a path that cannot be a slug. */
function slugOf({ pathname }: URL): string | null {
  let path = pathname;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    // Not UTF-8. The path is used as it is.
  }
  // The gateway may fold slashes and cut the path off at an encoded question mark before the redirect receives it.
  const seen = path.split('?', 1)[0] ?? '';
  const slug = slugOfPath(seen.replace(/\/{2,}/g, '/'));
  return isSlug(slug) && !isReservedPath(slug) ? slug : null;
}

/** The partition key of the link at a URL; null when the URL cannot be one of ours. */
export function linkKeyOf(href: string, origins: OwnOrigins): string | null {
  const url = URL.canParse(href) ? new URL(href) : null;
  const slug = url && slugOf(url);
  if (!url || slug === null) return null;
  if (origins.some((origin) => sameHost(url, origin) && samePort(url, origin)))
    return partition.slug(null, slug);
  const host = hostOf(url);
  const canBeDomain = host.includes('.') && host.length <= MAX_NAME_LENGTH && isIP(host) === 0;
  const [base] = origins;
  const hasOurPort = STANDARD_PORTS.includes(portOf(url)) || portOf(url) === portOf(base);
  return canBeDomain && hasOurPort ? partition.slug(host, slug) : null;
}

type Destinations = Pick<Link, 'url' | 'rules' | 'expiry_destination'>;

/** Every URL that a link can redirect to, by field. */
function destinationsOf({ url, rules, expiry_destination }: Destinations): [field: string, url: string][] {
  return [
    ['url', url],
    ...rules.map((rule, index): [string, string] => [`rules.${index}.url`, rule.url]),
    ...(expiry_destination === null ? [] : [['expiry_destination', expiry_destination] as [string, string]]),
  ];
}

/** The keys of links, each with the keys of the links that it can redirect to. */
type Graph = Map<string, string[]>;

function keysFrom(link: Destinations, origins: OwnOrigins): string[] {
  return destinationsOf(link).flatMap(([, url]) => linkKeyOf(url, origins) ?? []);
}

/**
 * Reads the links that a link redirects to, step by step. Links that are disabled or in the trash count too, because
 * they can be enabled or restored.
 */
async function graphFrom(link: LinkToSave, own: string | null, origins: OwnOrigins, read: Read) {
  const graph: Graph = new Map(own === null ? [] : [[own, keysFrom(link, origins)]]);
  let next = keysFrom(link, origins);
  for (let step = 1; step <= MAX_STEPS; step++) {
    const keys = [...new Set(next)].filter((key) => !graph.has(key)).slice(0, MAX_LINKS - graph.size);
    if (keys.length === 0) break;
    const items = await read(keys.map((pk) => ({ pk, sk: sort.link })));
    for (const key of keys) graph.set(key, []);
    for (const item of items) {
      // The link is about to leave the address that it was read at.
      if (item.id !== link.id) graph.set(item.pk as string, keysFrom(linkFromItem(item), origins));
    }
    next = keys.flatMap((key) => graph.get(key) ?? []);
  }
  return graph;
}

/**
 * Links that lead into a loop. Links that lead to no remaining link are removed repeatedly, and those that are left
 * lead into a loop.
 */
function looping(graph: Graph): Graph {
  const remaining = new Map(graph);
  for (;;) {
    const ends = [...remaining].filter(([, keys]) => !keys.some((key) => remaining.has(key)));
    if (ends.length === 0) return remaining;
    for (const [key] of ends) remaining.delete(key);
  }
}

function reaches(graph: Graph, from: string, wanted: string): boolean {
  const seen = new Set([from]);
  for (const key of seen) for (const next of graph.get(key) ?? []) seen.add(next);
  return seen.has(wanted);
}

/**
 * What is wrong with the destinations of a link, by field: one leads back to the link itself, or into a loop of other
 * links, through up to five of our own links of any workspace. The query, fragment, scheme and spelling of a URL make
 * no difference.
 */
async function loopErrors(link: LinkToSave, origins: OwnOrigins, read: Read): Promise<FieldErrors> {
  const own = link.slug === null ? null : partition.slug(link.domain, link.slug);
  const loops = looping(await graphFrom(link, own, origins, read));
  const errors: FieldErrors = {};
  for (const [field, url] of destinationsOf(link)) {
    const key = linkKeyOf(url, origins);
    if (key === null || !loops.has(key)) continue;
    const back = own !== null && reaches(loops, key, own);
    errors[field] = [
      back
        ? 'must not lead back to this short link, directly or through other links. Visitors would never arrive'
        : 'must not lead to a short link that leads back to itself. Visitors would never arrive',
    ];
  }
  return errors;
}

function ownOrigins(): OwnOrigins {
  const api = process.env[ENV.apiEndpoint];
  return [new URL(requiredEnv(ENV.baseUrl)), ...(api ? [new URL(api)] : [])];
}

async function assertNoLoop(link: LinkToSave, read: Read): Promise<void> {
  const errors = await loopErrors(link, ownOrigins(), read);
  if (Object.keys(errors).length > 0) throw invalidFields(errors);
}

type NewLink = Pick<Link, 'url'> & Partial<Pick<Link, 'slug' | 'domain' | 'rules' | 'expiry_destination'>>;

function toSave({ slug, domain = null, rules = [], expiry_destination = null, url }: NewLink): LinkToSave {
  return { id: null, slug: slug ?? null, domain, url, rules, expiry_destination };
}

/**
 * Rejects a new link that redirects to itself, which is wrong whatever other links exist. Reads nothing.
 * @throws ClientError 422 at each field that does
 */
export function assertNotToItself(fields: NewLink): Promise<void> {
  return assertNoLoop(toSave(fields), async () => []);
}

/** @throws ClientError 422 at each field of a new link that leads back to it or into a loop of other links */
export function assertNewLinkHasNoLoop(fields: NewLink): Promise<void> {
  return assertNoLoop(toSave(fields), (keys) => readItems(keys));
}

/** Fields that decide where a link redirects, and whether that is the link itself. */
const DESTINATION_FIELDS = ['url', 'rules', 'expiry_destination', 'slug', 'domain'] as const;

/**
 * @throws ClientError 422 when a change of a link's address or destinations creates a loop, or a restored link is in
 * one
 */
export async function assertChangeHasNoLoop(before: Link, fields: Partial<Link>): Promise<void> {
  const after = { ...before, ...fields };
  const changes = DESTINATION_FIELDS.some((name) => !isDeepStrictEqual(before[name], after[name]));
  if (changes || (before.deleted && !after.deleted)) await assertNoLoop(after, (keys) => readItems(keys));
}
