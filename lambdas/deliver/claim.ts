import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { ENV, requiredEnv } from '../env.ts';
import { isConditionFailure, tableClient } from '../table.ts';
import { count, logger } from '../telemetry.ts';

/**
 * The outcome of a claim: `won` (only this attempt may deliver), `lost` (another attempt has the claim), `not-written`
 * (certainly not in the table, so the click may go back to the queue) or `ambiguous` (unknown, so the click is
 * dropped).
 */
export type ClaimOutcome = 'won' | 'lost' | 'not-written' | 'ambiguous';

/** A claim lives much longer than a message in the queue (1 hour), so that it also stops the latest duplicate. */
const CLAIM_TTL_SECONDS = 24 * 60 * 60;

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
  pk: string,
  token: string,
): Promise<ClaimOutcome> {
  try {
    await table.send(
      new PutCommand({
        TableName: tableName,
        Item: { pk, token, ttl: Math.floor(Date.now() / 1000) + CLAIM_TTL_SECONDS },
        ConditionExpression: 'attribute_not_exists(pk) OR #token = :token',
        ExpressionAttributeNames: { '#token': 'token' },
        ExpressionAttributeValues: { ':token': token },
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
 * Claims a click before its first delivery, by a conditional write of its id. The condition accepts the claim's own
 * token, so that a second try wins if the first was written and its reply was lost. The client makes one try at a time,
 * because the SDK's own retries would hide that a throttled try followed one that may have been written. Never throws.
 */
export async function claimClick(claims: Claims, clickId: string): Promise<ClaimOutcome> {
  const token = randomUUID();
  let maybeWritten = false;
  for (let attempt = 1; ; attempt++) {
    const outcome = await tryClaim(claims, clickId, token);
    if (outcome === 'won' || outcome === 'lost') return outcome;
    maybeWritten ||= outcome === 'ambiguous';
    if (attempt === ATTEMPTS || claims.abortSignal.aborted) return maybeWritten ? 'ambiguous' : 'not-written';
    await delay(BACK_OFF_MS * attempt);
  }
}

// Lives as long as the function instance, so that its connections are reused.
const table = tableClient({ attempts: 1, attemptTimeoutMs: 500, afterBreak: false });

/**
 * Claims a click in the claims table. Counts a duplicate and an ambiguous claim.
 * @throws SettingMissing when the stack names no claims table
 */
export async function claim(clickId: string, abortSignal: AbortSignal): Promise<ClaimOutcome> {
  const tableName = requiredEnv(ENV.claimsTableName);
  const outcome = await claimClick({ table, tableName, abortSignal }, clickId);
  if (outcome === 'lost') count('ClickDuplicate');
  if (outcome === 'ambiguous') {
    logger.error('A claim may or may not be written. The click is dropped.', { click_id: clickId });
    count('ClaimAmbiguous');
  }
  return outcome;
}
