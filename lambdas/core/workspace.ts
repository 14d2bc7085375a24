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

/** The settings in a table item; what it lacks is at its default. */
export function workspaceFromItem(item: Record<string, unknown>): Workspace {
  const {
    pk: _pk,
    sk: _sk,
    trash_count: _trash,
    links_changed_at: _changed,
    link_count: _links,
    [LARGE_LINKS]: _large,
    ...settings
  } = item;
  return { ...DEFAULT_SETTINGS, ...(settings as Workspace) };
}

/** The workspace as lists answer it. */
export function publicWorkspace({ id, name }: Workspace) {
  return { id, name };
}
