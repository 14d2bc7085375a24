import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { ENV, requiredEnv } from '../env.ts';
import { type Item, tableClient } from '../table.ts';
import { DAY_MS } from './columns.ts';
import { firstUlidOf } from './identity.ts';
import { type LoggedClick, MAX_RETENTION_DAYS, monthPartitions } from './log-entry.ts';

/** How long a report may read, and how much: read units of DynamoDB. Parts of a report share one. */
export class Budget {
  readonly endsAtMs: number;
  private readonly most: number;
  private read = 0;

  constructor(milliseconds: number, units: number) {
    this.endsAtMs = performance.now() + milliseconds;
    this.most = units;
  }

  spend(units: number): void {
    this.read += units;
  }

  get units(): number {
    return this.read;
  }

  get isSpent(): boolean {
    return this.read >= this.most || performance.now() >= this.endsAtMs;
  }
}

let client: DynamoDBDocumentClient | undefined;
/** The client of the clicks table. It is created for the first request. */
export function clicksTable(): { client: DynamoDBDocumentClient; TableName: string } {
  client ??= tableClient();
  return { client, TableName: requiredEnv(ENV.clicksTableName) };
}

/** One request of a query of the clicks table, which is billed to a budget. */
export async function queryPage(
  query: Omit<ConstructorParameters<typeof QueryCommand>[0], 'TableName'>,
  budget: Budget,
): Promise<{ items: Item[]; next: Item | undefined }> {
  const { client: table, TableName } = clicksTable();
  const {
    Items = [],
    LastEvaluatedKey,
    ConsumedCapacity,
  } = await table.send(new QueryCommand({ ...query, TableName, ReturnConsumedCapacity: 'TOTAL' }));
  budget.spend(ConsumedCapacity?.CapacityUnits ?? 0);
  return { items: Items, next: LastEvaluatedKey };
}

/** A stored click, with the time that DynamoDB may remove it, in seconds since 1970. */
export type StoredClick = { click: LoggedClick; ttl: number };

/** A stored item as a click; null when its time has passed and DynamoDB has not removed it yet. */
function storedClick({ sk, link_id, ttl, click }: Item, nowSeconds: number): StoredClick | null {
  if (ttl <= nowSeconds) return null;
  // Added to the parsed object, because a copy of it takes longer than parsing it.
  return { click: Object.assign(JSON.parse(click), { id: sk, link_id }), ttl };
}

/** Milliseconds since 1970, from the first to before the second. */
export type Range = { fromMs: number; toMs: number };

/** A range by months (UTC), because a partition has the clicks of one month. The oldest comes first. */
export function monthsOf({ fromMs, toMs }: Range): (Range & { month: string })[] {
  const months: (Range & { month: string })[] = [];
  for (let startMs = fromMs; startMs < toMs; ) {
    const start = new Date(startMs);
    const endMs = Math.min(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1), toMs);
    months.push({ month: start.toISOString().slice(0, 7), fromMs: startMs, toMs: endMs });
    startMs = endMs;
  }
  return months;
}

/** The part of a range in which clicks can be stored: none is older than the longest retention, or in the future. */
export function storable({ fromMs, toMs }: Range, nowMs: number): Range {
  return {
    fromMs: Math.max(fromMs, nowMs - MAX_RETENTION_DAYS * DAY_MS),
    toMs: Math.min(toMs, nowMs + DAY_MS),
  };
}

/** Reads one partition of clicks, a page at a time. */
export type ShardReading = {
  partition: string;
  range: Range;
  newestFirst: boolean;
  /** An id to start behind instead of the range's own end. */
  behind?: string | undefined;
  linkIds?: number[] | undefined;
};

/** The pages of clicks of one partition. Ends early when the budget is spent; `done` of the last page is false then. */
export async function* readShard(
  { partition, range, newestFirst, behind, linkIds }: ShardReading,
  budget: Budget,
): AsyncGenerator<{ clicks: StoredClick[]; done: boolean }> {
  let ExclusiveStartKey = behind === undefined ? undefined : { pk: partition, sk: behind };
  do {
    if (budget.isSpent) {
      yield { clicks: [], done: false };
      return;
    }
    const { items, next } = await queryPage(
      {
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        // No id is exactly the first one of a millisecond, except by a chance of 1 to 10^24.
        ExpressionAttributeValues: {
          ':pk': partition,
          ':from': firstUlidOf(range.fromMs),
          ':to': firstUlidOf(range.toMs),
        },
        ProjectionExpression: 'sk, link_id, #ttl, click',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ScanIndexForward: !newestFirst,
        ExclusiveStartKey,
      },
      budget,
    );
    const nowSeconds = Date.now() / 1_000;
    const clicks = items.flatMap((item) => storedClick(item, nowSeconds) ?? []);
    const wanted = linkIds ? clicks.filter(({ click }) => linkIds.includes(click.link_id)) : clicks;
    ExclusiveStartKey = next as typeof ExclusiveStartKey;
    yield { clicks: wanted, done: next === undefined };
  } while (ExclusiveStartKey);
}

/** The partitions of a workspace's clicks in a range, the oldest month first. */
export const shardsOf = (workspaceId: number, range: Range) =>
  monthsOf(range).flatMap(({ month, fromMs, toMs }) =>
    monthPartitions(workspaceId, month).map((partition) => ({ partition, range: { fromMs, toMs } })),
  );
