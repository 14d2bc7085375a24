import type { Link } from '../links/link.ts';

// The redirect loads this file at every cold start, so it must stay small.

/** Where the statistics of a link are, as data and as a page. The parameter `slug` names the link. */
export const STATISTICS_PATH = '/api/v1/public/statistics';
export const STATISTICS_PAGE_PATH = `${STATISTICS_PATH}/page`;

/** Whether anyone may see the statistics of a link. */
export const hasPublicStatistics = ({ public_analytics, enabled, deleted }: Link) =>
  public_analytics && enabled && !deleted;

const withSlug = (path: string, slug: string) => `${path}?slug=${encodeURIComponent(slug)}`;

/** Where the statistics of a link are as data, on the host of the link. */
export const statisticsAddress = (slug: string) => withSlug(STATISTICS_PATH, slug);

/** Where the page with the statistics of a link is, on the host of the link. */
export const statisticsPageAddress = (slug: string) => withSlug(STATISTICS_PAGE_PATH, slug);
