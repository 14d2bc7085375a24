import { BlockList, isIP } from 'node:net';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { ENV, requiredEnv } from '../env.ts';
import type { Link } from '../links/link.ts';
import { partition, sort } from '../table.ts';
import { count, logger } from '../telemetry.ts';
import { DEFAULT_SETTINGS, type Workspace, workspaceFromItem } from '../workspaces/workspace.ts';
import { table } from './read.ts';
import type { Visitor } from './visitor.ts';

/** The settings of a workspace that decide which clicks are recorded, prepared for use. */
export type RecordingSettings = Pick<Workspace, 'skip_crawlers' | 'privacy'> & {
  isExcluded: (address: string) => boolean;
};

/**
 * Whether a click is recorded and sent to webhooks. A click from an excluded address or of a skipped crawler is not.
 */
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

const FAMILY = { 4: 'ipv4', 6: 'ipv6' } as const;

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  return FAMILY[isIP(address) as 4 | 6];
}

/**
 * Creates the check whether an address is listed or in a listed range. Entries that are neither an address nor a range
 * are ignored.
 */
function excludedAddresses(entries: string[]): (address: string) => boolean {
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

/** A visitor never waits longer than this for settings. */
const READ_BUDGET_MS = 200;
const FRESH_MS = 30_000;
/** A failed read is not repeated sooner, so that a slow table does not slow down every click. */
const RETRY_MS = 5_000;
/**
 * A read that ends this late was frozen together with the function. No visitor waited for it, and it is not an error.
 */
const FROZEN_MS = 5 * READ_BUDGET_MS;
/** Settings are small. This many take at most a few MB. */
const MAX_KEPT = 1_000;

type Kept = { settings: RecordingSettings; staleAtMs: number };

// Lives as long as the function instance: settings by workspace.
const kept = new Map<number, Kept>();

const DEFAULTS: RecordingSettings = { ...DEFAULT_SETTINGS, isExcluded: () => false };

function keep(workspaceId: number, settings: RecordingSettings, forMs: number): void {
  const [oldest] = kept.keys();
  if (kept.size >= MAX_KEPT && !kept.has(workspaceId) && oldest !== undefined) kept.delete(oldest);
  kept.set(workspaceId, { settings, staleAtMs: Date.now() + forMs });
}

/** Reads settings and keeps them. If the read fails, the previous ones stay. Never rejects. */
async function refresh(workspaceId: number): Promise<void> {
  const before = kept.get(workspaceId)?.settings ?? DEFAULTS;
  const startedAtMs = Date.now();
  keep(workspaceId, before, RETRY_MS);
  try {
    const { Item = {} } = await table.send(
      new GetCommand({
        TableName: requiredEnv(ENV.tableName),
        Key: { pk: partition.workspace(workspaceId), sk: sort.settings },
      }),
      { abortSignal: AbortSignal.timeout(READ_BUDGET_MS) },
    );
    const { skip_crawlers, privacy, excluded_ips } = workspaceFromItem(Item);
    keep(workspaceId, { skip_crawlers, privacy, isExcluded: excludedAddresses(excluded_ips) }, FRESH_MS);
  } catch (error) {
    if (Date.now() - startedAtMs > FROZEN_MS) return;
    logger.error('The settings of a workspace could not be read. The previous ones are used.', {
      error: error as Error,
      workspace_id: workspaceId,
    });
    count('SettingsReadFailed');
  }
}

/**
 * The settings of a workspace. The first click of a workspace reads them and waits at most 200 ms; after that, defaults
 * apply. Later clicks use the known settings. If those are over 30 s old, a click starts a new read, for which no
 * visitor waits. If the function is frozen before the read ends, a later click reads again.
 */
export async function settingsOf(workspaceId: number): Promise<RecordingSettings> {
  const known = kept.get(workspaceId);
  if (!known) await refresh(workspaceId);
  else if (Date.now() >= known.staleAtMs) refresh(workspaceId);
  return (kept.get(workspaceId) ?? known)?.settings ?? DEFAULTS;
}
