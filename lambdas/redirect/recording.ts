import { BlockList, isIP } from 'node:net';
import type { Link } from '../links/link.ts';
import type { Workspace } from '../workspaces/workspace.ts';
import type { Visitor } from './visitor.ts';

/** What redirect needs of a workspace, ready for use. */
export type RecordingSettings = Pick<Workspace, 'skip_crawlers' | 'privacy'> & {
  isExcluded: (address: string) => boolean;
};

const FAMILY = { 4: 'ipv4', 6: 'ipv6' } as const;

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  return FAMILY[isIP(address) as 4 | 6];
}

/** Tells whether an address is one of these, or in one of these ranges; entries that are neither are passed over. */
export function excludedAddresses(entries: string[]): (address: string) => boolean {
  if (entries.length === 0) return () => false;
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/');
    const family = familyOf(address);
    if (!family) continue;
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (address) => {
    const family = familyOf(address);
    return family !== undefined && list.check(address, family);
  };
}

/** Whether a click is recorded, and so told to webhooks: not from excluded addresses, nor of skipped crawlers. */
export function isRecorded(
  link: Pick<Link, 'skip_social_crawler_tracking'>,
  visitor: Pick<Visitor, 'bot_name' | 'is_social_crawler'>,
  address: string,
  settings: RecordingSettings,
): boolean {
  if (settings.skip_crawlers && visitor.bot_name !== null) return false;
  if (link.skip_social_crawler_tracking && visitor.is_social_crawler) return false;
  return !settings.isExcluded(address);
}
