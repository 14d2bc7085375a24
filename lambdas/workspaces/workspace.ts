/** Settings of a workspace, as stored: all that redirect may read of it. */
export type Workspace = {
  id: number;
  name: string;
  inserted_at: string;
  /** Addresses and CIDR ranges, v4 and v6, whose clicks are not recorded. */
  excluded_ips: string[];
  /** Whether clicks of bots are not recorded. */
  skip_crawlers: boolean;
  /** `strict` keeps country, ISP and referer out of every click. */
  privacy: 'standard' | 'strict';
};

/** Settings that nobody has changed. */
export const DEFAULT_SETTINGS = {
  excluded_ips: [] as string[],
  skip_crawlers: false,
  privacy: 'standard' as Workspace['privacy'],
};

/**
 * Whether a workspace has a link so large that pages of a list may have to be cut, on the item of its settings. Missing
 * where nobody has looked yet.
 */
export const LARGE_LINKS = 'large_links';

/** The settings in a table item; what it lacks is at its default, and what else is on it is left out. */
export function workspaceFromItem({ id, name, inserted_at, ...item }: Record<string, any>): Workspace {
  const { excluded_ips, skip_crawlers, privacy } = { ...DEFAULT_SETTINGS, ...item };
  return { id, name, inserted_at, excluded_ips, skip_crawlers, privacy };
}

/** The workspace as lists answer it. */
export function publicWorkspace({ id, name }: Workspace) {
  return { id, name };
}
