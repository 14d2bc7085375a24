import { randomUUID } from 'node:crypto';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { isConditionFailure } from '../core/table.ts';

/**
 * What became of a claim: `won` (this attempt alone may post), `lost` (another attempt has it),
 * `not-written` (surely not there: the click may go back to the queue) or `ambiguous` (nobody knows).
 */
export type ClaimOutcome = 'won' | 'lost' | 'not-written' | 'ambiguous';

/** A claim outlives the queue's retention (1 hour) by far, so no late duplicate finds it gone. */
const CLAIM_TTL_SECONDS = 24 * 60 * 60;

// The connection was never made, so no request can have arrived.
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

function outcomeOf(error: unknown): ClaimOutcome {
  if (isConditionFailure(error)) return 'lost';
  const { code, $metadata } = error as { code?: string; $metadata?: { httpStatusCode?: number } };
  if (code !== undefined && NEVER_SENT.has(code)) return 'not-written';
  const status = $metadata?.httpStatusCode;
  // DynamoDB refuses with 4xx (throttled, denied) before it writes; a 5xx or silence says nothing.
  return status !== undefined && status >= 400 && status < 500 ? 'not-written' : 'ambiguous';
}

/**
 * Claims a click before its first POST, by a conditional write of its id. The attempt's own token
 * is part of the condition, so that an SDK retry of this very write wins too. Never throws.
 */
export async function claimClick(
  table: DynamoDBDocumentClient,
  tableName: string,
  clickId: string,
  abortSignal: AbortSignal,
): Promise<ClaimOutcome> {
  const token = randomUUID();
  try {
    await table.send(
      new PutCommand({
        TableName: tableName,
        Item: { pk: clickId, token, ttl: Math.floor(Date.now() / 1000) + CLAIM_TTL_SECONDS },
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
