import type { Context, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { identifyLogs, logger } from '../telemetry.ts';
import { eraseClicks } from './erase.ts';
import { Budget } from './log.ts';

/** Leaves time to answer before Lambda stops the function. */
const MARGIN_MS = 10_000;

/** The link that was purged, by the removed item that located it. */
function purgedLink({ dynamodb }: DynamoDBRecord): { linkId: number; workspaceId: number } {
  const linkId = Number(dynamodb?.Keys?.pk?.S?.split('#')[1]);
  return { linkId, workspaceId: Number(dynamodb?.OldImage?.workspace_id?.N) };
}

/**
 * Deletes the clicks of links that DynamoDB has removed from the trash.
 * @throws Error when some are left, so that Lambda calls it again
 */
export async function purge(event: DynamoDBStreamEvent, context?: Context): Promise<void> {
  identifyLogs(context);
  const remainingMs = context?.getRemainingTimeInMillis?.() ?? MARGIN_MS * 2;
  const budget = new Budget(remainingMs - MARGIN_MS, Number.POSITIVE_INFINITY);
  for (const record of event.Records) {
    const { linkId, workspaceId } = purgedLink(record);
    const { deleted, complete } = await eraseClicks(workspaceId, linkId, budget);
    logger.info('The clicks of a purged link were deleted', { link_id: linkId, clicks: deleted });
    if (!complete) throw new Error(`Some clicks of the purged link ${linkId} are left`);
  }
}
