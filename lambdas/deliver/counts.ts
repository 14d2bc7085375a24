import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { ClickMessage } from '../clicks/click.ts';
import { COUNTED_DAYS, clicksKey, dayCount, dayOf } from '../links/counts.ts';
import { isConditionFailure, partition, sort, type Table } from '../table.ts';
import { count, logger } from '../telemetry.ts';

/** The table in which deliver counts clicks: the main table. */
export type Counter = { table: Table; tableName: string; abortSignal: AbortSignal };

/**
 * How many days before the counted ones each write removes. A link that is clicked at least every two weeks keeps no
 * older days.
 */
const REMOVED_DAYS = 14;

/** How much these clicks add to each count of a link, by the name of the count. */
function growth(clicks: ClickMessage[]): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const { payload } of clicks) {
    const day = dayOf(Date.parse(payload.timestamp));
    add('clicks_total');
    add(dayCount.all(day));
    if (payload.click.bot_name !== null) continue;
    add('human_clicks_total');
    add(dayCount.human(day));
  }
  return counts;
}

/** One update that adds clicks to a link's counts and removes days that lists no longer show. */
export function clicksUpdate(clicks: ClickMessage[]) {
  const grown = [...growth(clicks)];
  const newest = Math.max(...clicks.map(({ payload }) => dayOf(Date.parse(payload.timestamp))));
  const old = Array.from({ length: REMOVED_DAYS }, (_, ago) => newest - COUNTED_DAYS - 1 - ago);
  const removed = old.flatMap((day) => [dayCount.all(day), dayCount.human(day)]);
  return {
    UpdateExpression: `ADD ${grown.map(([name]) => `${name} :${name}`).join(', ')} REMOVE ${removed.join(', ')}`,
    ExpressionAttributeValues: Object.fromEntries(grown.map(([name, value]) => [`:${name}`, value])),
  };
}

/**
 * Adds clicks to a link's counts. If a reply is lost, the write is retried and may count them twice.
 * @returns the total of human clicks; undefined when only bots clicked
 */
async function addClicks(
  { table, tableName, abortSignal }: Counter,
  linkId: number,
  clicks: ClickMessage[],
): Promise<number | undefined> {
  const { Attributes } = await table.send(
    new UpdateCommand({
      TableName: tableName,
      Key: clicksKey(linkId),
      ...clicksUpdate(clicks),
      ReturnValues: 'UPDATED_NEW',
    }),
    { abortSignal },
  );
  return Attributes?.human_clicks_total;
}

/**
 * Marks a link as exhausted when people have clicked it as often as its limit allows. A link that has moved or has
 * another limit by now stays unchanged until its next click.
 */
async function exhaust({ table, tableName, abortSignal }: Counter, click: ClickMessage, total: number) {
  const { domain, slug } = click.payload.link;
  try {
    await table.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { pk: partition.slug(domain, slug), sk: sort.link },
        UpdateExpression: 'SET exhausted = :true ADD version :one',
        ConditionExpression: 'id = :id AND exhausted = :false AND expiry_clicks <= :total',
        ExpressionAttributeValues: {
          ':id': click.link_id,
          ':total': total,
          ':one': 1,
          ':true': true,
          ':false': false,
        },
      }),
      { abortSignal },
    );
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
  }
}

async function countLink(counter: Counter, linkId: number, clicks: ClickMessage[]): Promise<void> {
  try {
    const total = await addClicks(counter, linkId, clicks);
    const latest = clicks.at(-1);
    const limit = latest?.expiry_clicks ?? null;
    if (latest && total !== undefined && limit !== null && total >= limit)
      await exhaust(counter, latest, total);
  } catch (error) {
    logger.error('Clicks could not be counted.', { error: error as Error, link_id: linkId });
    count('ClickUncounted', clicks.length);
  }
}

/** Counts clicks that this invocation has claimed, with one write per link, and marks exhausted links. Never throws. */
export async function countClicks(counter: Counter, clicks: ClickMessage[]): Promise<void> {
  const byLink = Map.groupBy(clicks, ({ link_id }) => link_id);
  await Promise.all([...byLink].map(([linkId, own]) => countLink(counter, linkId, own)));
}
