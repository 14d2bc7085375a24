import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { ENV, requiredEnv } from '../env.ts';
import { partition, sort } from '../table.ts';
import { count, logger } from '../telemetry.ts';
import { DEFAULT_SETTINGS, workspaceFromItem } from '../workspaces/workspace.ts';
import { table } from './read-link.ts';
import { excludedAddresses, type RecordingSettings } from './recording.ts';

/** A visitor never waits longer than this for settings. */
const READ_BUDGET_MS = 200;
const FRESH_MS = 30_000;
/** A read is not tried again before this, so that one slow table does not slow every click. */
const RETRY_MS = 5_000;
/** A read that ends so late was frozen together with the function: nobody waited, and nothing is wrong. */
const FROZEN_MS = 5 * READ_BUDGET_MS;
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
    logger.error('Settings of a workspace could not be read: those of before are used', {
      error: error as Error,
      workspace_id: workspaceId,
    });
    count('SettingsReadFailed');
  }
}

/**
 * The settings of a workspace. Its first click reads them, within 200 ms, else defaults are used. Later clicks use what
 * is known and, when that is over 30 s old, start a read that nobody waits for: a function that is frozen before it
 * ends leaves it to a later click.
 */
export async function settingsOf(workspaceId: number): Promise<RecordingSettings> {
  const known = kept.get(workspaceId);
  if (!known) await refresh(workspaceId);
  else if (Date.now() >= known.staleAtMs) refresh(workspaceId);
  return (kept.get(workspaceId) ?? known)?.settings ?? DEFAULTS;
}
