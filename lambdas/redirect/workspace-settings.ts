import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { ENV, requiredEnv } from '../core/env.ts';
import { partition, sort } from '../core/table.ts';
import { count, logger } from '../core/telemetry.ts';
import { DEFAULT_SETTINGS, type Workspace, workspaceFromItem } from '../core/workspace.ts';
import { table } from './read-link.ts';
import { excludedAddresses } from './recording.ts';

/** What redirect needs of a workspace, ready for use. */
export type RecordingSettings = Pick<Workspace, 'skip_crawlers' | 'privacy'> & {
  isExcluded: (address: string) => boolean;
};

/** Settings for now, and what ends when newer ones are in: to be awaited beside the send, never before. */
export type KnownSettings = { settings: RecordingSettings; refreshed: Promise<void> };

/** A visitor never waits longer than this for settings. */
const READ_BUDGET_MS = 200;
const FRESH_MS = 30_000;
/** After a failed read defaults are used for so long, so that one slow table does not slow every click. */
const RETRY_MS = 5_000;
/** Settings are small; this many cost a few MB at most. */
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

/** Reads settings and keeps them; when that fails those of before stay. Never rejects. */
async function refresh(workspaceId: number): Promise<void> {
  const before = kept.get(workspaceId)?.settings ?? DEFAULTS;
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
    logger.error('Settings of a workspace could not be read: those of before are used', {
      error: error as Error,
      workspace_id: workspaceId,
    });
    count('SettingsReadFailed');
    keep(workspaceId, before, RETRY_MS);
  }
}

/**
 * The settings of a workspace. Its first click reads them, within 200 ms, else defaults are used; later clicks
 * use what is known and, when that is over 30 s old, start a refresh that the visitor does not wait for.
 */
export async function settingsOf(workspaceId: number): Promise<KnownSettings> {
  if (!kept.has(workspaceId)) await refresh(workspaceId);
  const { settings, staleAtMs } = kept.get(workspaceId) ?? { settings: DEFAULTS, staleAtMs: Infinity };
  const refreshed = Date.now() >= staleAtMs ? refresh(workspaceId) : Promise.resolve();
  return { settings, refreshed };
}
