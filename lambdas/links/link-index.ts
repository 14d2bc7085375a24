import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { BY_WORKSPACE_INDEX, table, tableName } from '../table.ts';
import { indexPartition, indexSort, type Link, linkFromItem } from './link.ts';

/** Which links of a workspace: those in use, or those in the trash. */
export type Shelf = { workspaceId: number; deleted: boolean };

/** How much to read: by number of links and, if given, by their bytes, whichever is reached first. */
export type Reach = {
  direction: 'asc' | 'desc';
  links: number;
  bytes?: number;
  afterId?: number | undefined;
};

/** Whole links of a shelf, in the order of their ids, and whether there are more. */
export type IndexPage = { links: Link[]; more: boolean };

type Key = Record<string, unknown>;

/** One query of the index, which is eventually consistent: at most 1 MB. */
async function query(
  { workspaceId, deleted }: Shelf,
  { direction, afterId }: Reach,
  Limit: number,
  from: Key | undefined,
) {
  const after = afterId === undefined ? {} : { ':after': indexSort(afterId) };
  return table.send(
    new QueryCommand({
      TableName: tableName(),
      IndexName: BY_WORKSPACE_INDEX,
      KeyConditionExpression: `gsi1pk = :shelf${afterId === undefined ? '' : ' AND gsi1sk > :after'}`,
      ExpressionAttributeValues: {
        ':shelf': indexPartition({ workspace_id: workspaceId, deleted }),
        ...after,
      },
      ScanIndexForward: direction === 'asc',
      ...(Number.isFinite(Limit) ? { Limit } : {}),
      ExclusiveStartKey: from,
    }),
  );
}

/** A link that has just moved may be in the index twice for a moment: the later one is the link. */
function eachOnce(links: Link[]): Link[] {
  const latest = new Map<number, Link>();
  for (const link of links) {
    const known = latest.get(link.id);
    if (!known || link.version > known.version) latest.set(link.id, link);
  }
  return latest.size === links.length ? links : links.filter((link) => latest.get(link.id) === link);
}

/** Reads links of a shelf from its beginning, or after an id, as far as the reach goes, and no further. */
export async function readShelf(shelf: Shelf, reach: Reach): Promise<IndexPage> {
  const links: Link[] = [];
  let bytes = 0;
  let from: Key | undefined;
  do {
    const page = await query(shelf, reach, reach.links - links.length, from);
    for (const item of page.Items ?? []) {
      if (reach.bytes !== undefined) bytes += Buffer.byteLength(JSON.stringify(item));
      if (bytes > (reach.bytes ?? bytes) && links.length > 0) return { links: eachOnce(links), more: true };
      links.push(linkFromItem(item));
    }
    from = page.LastEvaluatedKey;
  } while (from && links.length < reach.links);
  return { links: eachOnce(links), more: from !== undefined };
}

/** Every link of a shelf, by id from low to high. */
export async function readWholeShelf(shelf: Shelf): Promise<Link[]> {
  return (await readShelf(shelf, { direction: 'asc', links: Number.POSITIVE_INFINITY })).links;
}
