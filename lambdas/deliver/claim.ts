import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { ClickMessage } from '../clicks/click.ts';
import { ulidTime } from '../clicks/identity.ts';
import { logItem } from '../clicks/log-entry.ts';
import { ENV, requiredEnv } from '../env.ts';
import { isConditionFailure, tableClient } from '../table.ts';
import { count, logger } from '../telemetry.ts';

/**
 * The outcome of a claim: `won` (only this attempt may deliver), `lost` (another attempt has the claim), `not-written`
 * (certainly not in the table, so the click may go back to the queue) or `ambiguous` (unknown, so the click is
 * dropped).
 */
export type ClaimOutcome = 'won' | 'lost' | 'not-written' | 'ambiguous';

const DAY_SECONDS = 24 * 60 * 60;

/**
 * When a click is removed from the log, in seconds since 1970. The shortest retention is a day, much longer than a
 * message lives in the queue (1 hour), so a claim also stops the latest duplicate. A sample click is only a claim.
 */
function endOf({ counted, payload }: ClickMessage): number {
  const days = counted ? Number(requiredEnv(ENV.clickRetentionDays)) : 1;
  return Math.floor(ulidTime(payload.click.id) / 1_000) + days * DAY_SECONDS;
}

// The connection was never established, so DynamoDB cannot have received the request.
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

function outcomeOf(error: unknown): Exclude<ClaimOutcome, 'won'> {
  if (isConditionFailure(error)) return 'lost';
  const { code, $metadata } = error as { code?: string; $metadata?: { httpStatusCode?: number } };
  if (code !== undefined && NEVER_SENT.has(code)) return 'not-written';
  const status = $metadata?.httpStatusCode;
  // DynamoDB answers 4xx (throttled, denied) before it writes. After a 5xx or no answer, it may have written.
  return status !== undefined && status >= 400 && status < 500 ? 'not-written' : 'ambiguous';
}

type Claims = { table: DynamoDBDocumentClient; tableName: string; abortSignal: AbortSignal };

async function tryClaim(
  { table, tableName, abortSignal }: Claims,
  item: ReturnType<typeof logItem>,
): Promise<ClaimOutcome> {
  try {
    await table.send(
      new PutCommand({
        TableName: tableName,
        Item: item,
        ConditionExpression: 'attribute_not_exists(pk) OR #token = :token',
        ExpressionAttributeNames: { '#token': 'token' },
        ExpressionAttributeValues: { ':token': item.token },
      }),
      { abortSignal },
    );
    return 'won';
  } catch (error) {
    return outcomeOf(error);
  }
}

const ATTEMPTS = 3;
const BACK_OFF_MS = 50;

/**
 * Claims a click before its first delivery, by a conditional write of its entry in the click log. The condition accepts
 * the claim's own token, so that a second try wins if the first was written and its reply was lost. The client makes
 * one try at a time, because the SDK's own retries would hide that a throttled try followed one that may have been
 * written. No error of the table is thrown.
 */
export async function claimClick(claims: Claims, click: ClickMessage): Promise<ClaimOutcome> {
  const item = logItem(click, randomBytes(12).toString('base64url'), endOf(click));
  let maybeWritten = false;
  for (let attempt = 1; ; attempt++) {
    const outcome = await tryClaim(claims, item);
    if (outcome === 'won' || outcome === 'lost') return outcome;
    maybeWritten ||= outcome === 'ambiguous';
    if (attempt === ATTEMPTS || claims.abortSignal.aborted) return maybeWritten ? 'ambiguous' : 'not-written';
    await delay(BACK_OFF_MS * attempt);
  }
}

// Lives as long as the function instance, so that its connections are reused.
const table = tableClient({ attempts: 1, attemptTimeoutMs: 500, afterBreak: false });

/**
 * Claims a click and stores it, in one write to the clicks table. Counts a duplicate and an ambiguous claim.
 * @throws SettingMissing when the stack names no clicks table
 */
export async function claim(click: ClickMessage, abortSignal: AbortSignal): Promise<ClaimOutcome> {
  const tableName = requiredEnv(ENV.clicksTableName);
  const outcome = await claimClick({ table, tableName, abortSignal }, click);
  if (outcome === 'lost') count('ClickDuplicate');
  if (outcome === 'ambiguous') {
    logger.error('A claim may or may not be written. The click is dropped.', {
      click_id: click.payload.click.id,
    });
    count('ClaimAmbiguous');
  }
  return outcome;
}
