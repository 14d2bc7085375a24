import { randomBytes } from 'node:crypto';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type Item, partition } from '../table.ts';
import { logger } from '../telemetry.ts';
import { DAY_MS, type DayClicks } from './columns.ts';
import { decodePart, encodeDay } from './encoded-days.ts';
import { type Budget, clicksTable, queryPage, type Range } from './log.ts';

// A summary of a past day is a cache beside the log: with it, a report reads kilobytes instead of megabytes. Deleting
// summaries changes no report.

/** Days with fewer clicks are as cheap to read from the log. */
export const SUMMARISED_CLICKS = 1_000;

/**
 * How long after its end a day is past. Clicks wait in the queue for at most an hour, so no click of the day can arrive
 * any more.
 */
const SETTLED_MS = 2 * 60 * 60 * 1_000;
export const isPast = (day: number, nowMs: number) => (day + 1) * DAY_MS + SETTLED_MS <= nowMs;

/** Most bytes of one part's compressed clicks. */
const MOST_BYTES = 300_000;

const dateOf = (day: number) => new Date(day * DAY_MS).toISOString().slice(0, 10);
/** The sort key that counts erasures. Those of days begin with a digit. */
const ERASURES = 'ERASURES';

/**
 * How often clicks of a workspace were erased. A summary is valid only for the number that was read before its clicks,
 * so no summary brings back clicks that were erased while it was made.
 */
export async function readErasures(workspaceId: number, budget: Budget): Promise<number> {
  const { client, TableName } = clicksTable();
  const { Item, ConsumedCapacity } = await client.send(
    new GetCommand({
      TableName,
      Key: { pk: partition.days(workspaceId), sk: ERASURES },
      ConsistentRead: true,
      ReturnConsumedCapacity: 'TOTAL',
    }),
  );
  budget.spend(ConsumedCapacity?.CapacityUnits ?? 0);
  return Item?.erasures ?? 0;
}

/** Makes all summaries of a workspace invalid. */
export async function countErasure(workspaceId: number): Promise<void> {
  const { client, TableName } = clicksTable();
  await client.send(
    new UpdateCommand({
      TableName,
      Key: { pk: partition.days(workspaceId), sk: ERASURES },
      UpdateExpression: 'ADD erasures :one',
      ExpressionAttributeValues: { ':one': 1 },
    }),
  );
}

/** The parts of one day's summary that belong together; undefined when one is missing. */
function wholeDay(parts: Item[]): Item[] | undefined {
  const byToken = Map.groupBy(parts, ({ token }) => token);
  return [...byToken.values()].find((own) => own.length === own[0]?.parts);
}

/** The stored parts of summaries of the days that a range touches; undefined when the budget was spent first. */
async function readParts(pk: string, { fromMs, toMs }: Range, budget: Budget): Promise<Item[] | undefined> {
  const items: Item[] = [];
  let ExclusiveStartKey: Item | undefined;
  do {
    if (budget.isSpent) return undefined;
    const page = await queryPage(
      {
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: {
          ':pk': pk,
          ':from': dateOf(Math.floor(fromMs / DAY_MS)),
          // `$` is after `#`, which separates the day from the number of its part.
          ':to': `${dateOf(Math.floor((toMs - 1) / DAY_MS))}$`,
        },
        ExclusiveStartKey,
      },
      budget,
    );
    items.push(...page.items);
    ExclusiveStartKey = page.next;
  } while (ExclusiveStartKey);
  return items;
}

/**
 * Gives the clicks of days that have a summary to `add`, a part at a time, so that few of them are in memory.
 * @param range within a month
 * @returns the days; undefined when the budget was spent before all of them were added
 */
export async function readSummaries(
  workspaceId: number,
  range: Range,
  erasures: number,
  budget: Budget,
  add: (clicks: DayClicks) => void,
): Promise<Set<number> | undefined> {
  const parts = await readParts(partition.days(workspaceId), range, budget);
  if (!parts) return undefined;
  const nowSeconds = Date.now() / 1_000;
  const valid = parts.filter((item) => item.erasures === erasures && item.ttl > nowSeconds);
  const days = new Set<number>();
  for (const [day, own] of Map.groupBy(valid, (item) => item.day as number)) {
    const whole = wholeDay(own);
    if (budget.isSpent) return undefined;
    for (const { clicks } of whole ?? []) add(decodePart(clicks));
    if (whole) days.add(day);
  }
  return days;
}

/**
 * Stores the summary of a past day. Never throws, because a report does not need it.
 * @param ttl when the first of its clicks is removed, in seconds since 1970
 */
export async function writeSummary(
  workspaceId: number,
  clicks: DayClicks,
  ttl: number,
  erasures: number,
): Promise<void> {
  const { client, TableName } = clicksTable();
  const pk = partition.days(workspaceId);
  const parts = encodeDay(clicks, MOST_BYTES);
  const own = {
    pk,
    day: clicks.day,
    token: randomBytes(9).toString('base64url'),
    ttl,
    erasures,
    parts: parts.length,
  };
  try {
    await Promise.all(
      parts.map((part, index) =>
        client.send(
          new PutCommand({ TableName, Item: { ...own, sk: `${dateOf(clicks.day)}#${index}`, clicks: part } }),
        ),
      ),
    );
  } catch (error) {
    logger.warn('The summary of a day could not be stored. Reports read its clicks again.', {
      error: error as Error,
      workspace_id: workspaceId,
      day: dateOf(clicks.day),
    });
  }
}
