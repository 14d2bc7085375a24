import { fittingParts } from '../api/answer.ts';
import type { Link } from './link.ts';

/** Whether a link is one that somebody looks for: by its name, slug, domain or url, in any case. */
export function matches(link: Pick<Link, 'name' | 'slug' | 'url' | 'domain'>, search: string): boolean {
  const wanted = search.toLowerCase();
  return [link.name, link.slug, link.url, link.domain].some((text) => text?.toLowerCase().includes(wanted));
}

/**
 * Cuts a list into pages of at most so many links, each of which fits into one answer.
 * @param sizes bytes of each link, as `sentBytes` counts them
 * @returns where each page starts
 */
export function pageStarts(sizes: number[], pageSize: number): number[] {
  const starts: number[] = [];
  for (let start = 0; start < sizes.length; ) {
    starts.push(start);
    start += fittingParts(sizes.slice(start, start + pageSize));
  }
  return starts;
}
