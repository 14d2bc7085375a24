import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { partition, sort } from './table.ts';

/** The key of a link's counts: apart from the link, which would be rewritten with every click. */
export function clicksKey(linkId: number) {
  return { pk: partition.link(linkId), sk: sort.clicks };
}

/** How many clicks of a link were recorded, as far as deliver has counted them. */
export async function readClickCount(
  table: DynamoDBDocumentClient,
  TableName: string,
  linkId: number,
): Promise<number> {
  const { Item } = await table.send(
    new GetCommand({ TableName, Key: clicksKey(linkId), ConsistentRead: true }),
  );
  return Item?.clicks_total ?? 0;
}
