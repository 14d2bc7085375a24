import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ENV, requiredEnv } from '../env.ts';
import type { Link } from '../links/link.ts';
import { isPasswordOf } from '../links/password-hash.ts';
import { isConditionFailure, partition, sort } from '../table.ts';
import { count, logger } from '../telemetry.ts';
import { passwordPage, unavailablePage } from './pages.ts';
import { table } from './read.ts';

/**
 * How many wrong passwords a link allows per window, from all visitors together. No IP address is stored to tell
 * visitors apart.
 */
export const MAX_ATTEMPTS = 20;
/** A window of attempts. It leaves a guesser 2,880 attempts a day, and visitors never wait longer than this. */
export const WINDOW_SECONDS = 10 * 60;

/** The result of a check. `unknown`: the attempt could not be counted, so the password was not checked. */
export type PasswordOutcome = 'right' | 'wrong' | 'too-many' | 'unknown';

/** A longer password is wrong without a check, because our form never sends one. */
const MAX_BODY_BYTES = 4_096;

function sentPassword(event: APIGatewayProxyEventV2): string | null {
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (body.length > MAX_BODY_BYTES) return null;
  return new URLSearchParams(body.toString()).get('password');
}

const COUNT_BUDGET_MS = 1_000;

/** Changes the number of attempts for a link in this window, if the condition holds. */
async function changeAttempts(linkId: number, by: 1 | -1, condition: string, limit: number): Promise<void> {
  const nowSeconds = Math.floor(Date.now() / 1_000);
  const window = Math.floor(nowSeconds / WINDOW_SECONDS);
  await table.send(
    new UpdateCommand({
      TableName: requiredEnv(ENV.clicksTableName),
      Key: { pk: partition.passwordAttempts(linkId, window), sk: sort.attempts },
      UpdateExpression: 'ADD attempts :by SET #ttl = :ttl',
      ConditionExpression: condition,
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: { ':by': by, ':limit': limit, ':ttl': nowSeconds + 2 * WINDOW_SECONDS },
    }),
    { abortSignal: AbortSignal.timeout(COUNT_BUDGET_MS) },
  );
}

const takeAttempt = (linkId: number) =>
  changeAttempts(linkId, 1, 'attribute_not_exists(attempts) OR attempts < :limit', MAX_ATTEMPTS);

/** If this fails, the link only loses one attempt of this window. */
async function giveBackAttempt(linkId: number): Promise<void> {
  try {
    await changeAttempts(linkId, -1, 'attempts > :limit', 0);
  } catch (error) {
    logger.warn('A correct password still counts as an attempt, because the count could not be reduced.', {
      error: error as Error,
      link_id: linkId,
    });
    count('AttemptNotReturned');
  }
}

/**
 * Checks the password that a form sent. The attempt is counted before the check, so that simultaneous guesses cannot
 * exceed the limit. The count is reduced again if the password was correct.
 */
export async function checkPassword(
  linkId: number,
  hash: string,
  event: APIGatewayProxyEventV2,
): Promise<PasswordOutcome> {
  const password = sentPassword(event);
  if (!password) return 'wrong';
  try {
    await takeAttempt(linkId);
  } catch (error) {
    if (isConditionFailure(error)) return 'too-many';
    logger.error('A password attempt could not be counted, so the password was not checked.', {
      error: error as Error,
      link_id: linkId,
    });
    count('PasswordUnchecked');
    return 'unknown';
  }
  if (!(await isPasswordOf(hash, password))) return 'wrong';
  await giveBackAttempt(linkId);
  return 'right';
}

type Answer = APIGatewayProxyStructuredResultV2;

/** Whether a request sends a form. */
export function isForm({ requestContext }: APIGatewayProxyEventV2): boolean {
  return requestContext.http.method === 'POST';
}

/**
 * Opens the same address again with GET, when a form was sent to a link without a password. A POST alone never counts
 * as a click, so that no webhook can click a link.
 */
export function reopenWithGet(shortUrl: string, { rawQueryString }: APIGatewayProxyEventV2): Answer {
  const url = new URL(shortUrl);
  url.search = rawQueryString;
  return {
    statusCode: 303,
    headers: { location: url.pathname + url.search, 'cache-control': 'private, no-store' },
  };
}

async function answerForm(link: Link, hash: string, event: APIGatewayProxyEventV2): Promise<Answer | null> {
  switch (await checkPassword(link.id, hash, event)) {
    case 'right':
      return null;
    case 'wrong':
      return passwordPage(403, 'That password is not correct. Try again.');
    case 'too-many':
      return passwordPage(
        429,
        `There were too many wrong passwords. Try again in ${WINDOW_SECONDS / 60} minutes.`,
        { 'retry-after': String(WINDOW_SECONDS) },
      );
    case 'unknown':
      return unavailablePage();
  }
}

/** The page that asks for the password of a link or rejects a wrong one; null lets the visitor pass. */
export async function passwordChallenge(link: Link, event: APIGatewayProxyEventV2): Promise<Answer | null> {
  if (link.password_hash === null) return null;
  return isForm(event) ? answerForm(link, link.password_hash, event) : passwordPage(200, null);
}
