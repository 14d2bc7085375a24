import type { SQSRecord } from 'aws-lambda';
import { type ClickMessage, clickMessageSchema } from '../clicks/click-message.ts';
import { ENV, requiredEnv } from '../env.ts';
import { count, logger } from '../telemetry.ts';
import { claimClick } from './claim.ts';
import { countClicks } from './count-clicks.ts';
import { claimsTable, TABLE_BUDGET_MS, table } from './tables.ts';

/** A message's click, or null when it is malformed or of a version this code does not know. */
export function parseClick(record: SQSRecord | null): ClickMessage | null {
  try {
    return clickMessageSchema.parse(JSON.parse(record?.body ?? ''));
  } catch {
    logger.error('A message is not a click: dropped', { message_id: record?.messageId });
    count('MessageMalformed');
    return null;
  }
}

/** Whether a click may be posted by this attempt, has to come back, or is over. */
type Claimed = 'post' | 'return' | 'drop';

/** Claims a click and counts every outcome but a win. */
export async function claim(click: ClickMessage): Promise<Claimed> {
  const abortSignal = AbortSignal.timeout(TABLE_BUDGET_MS);
  const tableName = requiredEnv(ENV.claimsTableName);
  const outcome = await claimClick({ table: claimsTable, tableName, abortSignal }, click.click_id);
  if (outcome === 'won') return 'post';
  if (outcome === 'not-written') return 'return';
  if (outcome === 'ambiguous')
    logger.error('A claim may or may not be written: the click is dropped', { click_id: click.click_id });
  count(outcome === 'lost' ? 'ClickDuplicate' : 'ClaimAmbiguous');
  return 'drop';
}

/** Counts clicks that were claimed, but for those of a test, and expires links by it. Never throws. */
export function countAll(clicks: ClickMessage[]): Promise<void> {
  const abortSignal = AbortSignal.timeout(TABLE_BUDGET_MS);
  const counter = { table, tableName: requiredEnv(ENV.tableName), abortSignal };
  return countClicks(
    counter,
    clicks.filter(({ counted }) => counted),
  );
}
