import type { Link } from '../core/link.ts';

/** Most bytes of links in one answer: Lambda answers at most 6 MB, and counts and addresses come on top. */
export const MAX_ANSWER_BYTES = 4.5 * 1024 * 1024;

/** Whether a link is one that somebody looks for: by its name, slug, domain or url, in any case. */
export function matches(link: Pick<Link, 'name' | 'slug' | 'url' | 'domain'>, search: string): boolean {
  const wanted = search.toLowerCase();
  return [link.name, link.slug, link.url, link.domain].some((text) => text?.toLowerCase().includes(wanted));
}

/** The first links that fit into so many bytes as JSON, one at least. */
export function cutToBytes<T>(links: T[], most: number): T[] {
  let bytes = 0;
  const end = links.findIndex((link) => {
    bytes += Buffer.byteLength(JSON.stringify(link));
    return bytes > most;
  });
  return end === -1 ? links : links.slice(0, Math.max(end, 1));
}
