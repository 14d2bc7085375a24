import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { BY_WORKSPACE_INDEX, type Item, table, tableName } from '../table.ts';
import { type Link, linkFromItem } from './link.ts';
import { indexPartition, indexSort } from './link-items.ts';

/** Which links of a workspace to read: those in use, or those in the trash. */
export type LinkState = { workspaceId: number; deleted: boolean };

/**
 * How much to read: a number of links and optionally a number of bytes. Reading stops at whichever is reached first.
 */
export type PageLimits = {
  direction: 'asc' | 'desc';
  links: number;
  bytes?: number;
  afterId?: number | undefined;
};

/** Whole links in the order of their ids, and whether there are more. */
export type IndexPage = { links: Link[]; more: boolean };

/** One query of the index, which is eventually consistent: at most 1 MB. */
async function query(
  { workspaceId, deleted }: LinkState,
  { direction, afterId }: PageLimits,
  Limit: number,
  from: Item | undefined,
) {
  const after = afterId === undefined ? {} : { ':after': indexSort(afterId) };
  return table.send(
    new QueryCommand({
      TableName: tableName(),
      IndexName: BY_WORKSPACE_INDEX,
      KeyConditionExpression: `gsi1pk = :state${afterId === undefined ? '' : ' AND gsi1sk > :after'}`,
      ExpressionAttributeValues: {
        ':state': indexPartition({ workspace_id: workspaceId, deleted }),
        ...after,
      },
      ScanIndexForward: direction === 'asc',
      ...(Number.isFinite(Limit) ? { Limit } : {}),
      ExclusiveStartKey: from,
    }),
  );
}

/** The index may have a link twice for a moment after it moved. The later version counts. */
function eachOnce(links: Link[]): Link[] {
  const latest = new Map<number, Link>();
  for (const link of links) {
    const known = latest.get(link.id);
    if (!known || link.version > known.version) latest.set(link.id, link);
  }
  return latest.size === links.length ? links : links.filter((link) => latest.get(link.id) === link);
}

/** Reads links from the lowest or the highest id, or after an id, up to the limits. */
export async function readLinks(state: LinkState, limits: PageLimits): Promise<IndexPage> {
  const links: Link[] = [];
  let bytes = 0;
  let from: Item | undefined;
  do {
    const page = await query(state, limits, limits.links - links.length, from);
    for (const item of page.Items ?? []) {
      if (limits.bytes !== undefined) bytes += Buffer.byteLength(JSON.stringify(item));
      if (bytes > (limits.bytes ?? bytes) && links.length > 0) return { links: eachOnce(links), more: true };
      links.push(linkFromItem(item));
    }
    from = page.LastEvaluatedKey;
  } while (from && links.length < limits.links);
  return { links: eachOnce(links), more: from !== undefined };
}

/** All links in a state, from the lowest id to the highest. */
export async function readAllLinks(state: LinkState): Promise<Link[]> {
  return (await readLinks(state, { direction: 'asc', links: Number.POSITIVE_INFINITY })).links;
}
