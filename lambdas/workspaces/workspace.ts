/** The settings of a workspace, as stored, and everything that redirect may read about it. */
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

/** The default settings. */
export const DEFAULT_SETTINGS = {
  excluded_ips: [] as string[],
  skip_crawlers: false,
  privacy: 'standard' as Workspace['privacy'],
};

/**
 * Whether a workspace has a link so large that pages of a list may have to be cut. Stored on the item of its settings;
 * missing until it has been checked.
 */
export const LARGE_LINKS = 'large_links';

/** The settings in a table item. Missing ones have their default, and other attributes of the item are left out. */
export function workspaceFromItem({ id, name, inserted_at, ...item }: Record<string, any>): Workspace {
  const { excluded_ips, skip_crawlers, privacy } = { ...DEFAULT_SETTINGS, ...item };
  return { id, name, inserted_at, excluded_ips, skip_crawlers, privacy };
}

/** The workspace as lists return it. */
export function publicWorkspace({ id, name }: Workspace) {
  return { id, name };
}
